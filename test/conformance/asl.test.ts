import { describe, expect, it } from 'vitest';
import { readStateMachine } from '../../lib/asl/reader.ts';
import { type Replay, replay, type TaskOutcome } from '../support/execution-replay.ts';
import { matchesRecording, type RecordedCase, readJsonataCases, recordingsExist } from './recorded-cases.ts';

/** What the interpreter refuses by name: the diagnostic that says so → the feature, and how many recordings use it. */
const UNSUPPORTED: readonly (readonly [message: RegExp, feature: string])[] = [
  [/query language JSONPath/, 'a JSONPath state beside JSONata ones: we render JSONata only'],
  [/Credentials is not supported/, 'Credentials: one account only'],
  [/HeartbeatSeconds is not supported/, 'HeartbeatSeconds: no task of ours sends heartbeats'],
  [/ToleratedFailure\w+ is not supported/, 'tolerated failures of a Map: an iteration of ours catches its own'],
  [/Item(Reader|Batcher) is not supported/, 'distributed Map: the bound counts inline Maps only'],
];

const UNSUPPORTED_COUNTS: Readonly<Record<string, number>> = {
  'a JSONPath state beside JSONata ones: we render JSONata only': 11,
  'Credentials: one account only': 4,
  'HeartbeatSeconds: no task of ours sends heartbeats': 2,
  'tolerated failures of a Map: an iteration of ours catches its own': 4,
  'distributed Map: the bound counts inline Maps only': 2,
};

/** Recordings that lost the outcome of a task, so that nothing can answer it. */
const LOST_OUTCOMES = [
  'test_parallel_catch_error[PARALLEL_CATCH_ERROR_OUTPUT]',
  'test_parallel_catch_error[PARALLEL_CATCH_ERROR_VARIABLE_SAMPLING]',
  'test_parallel_catch_error[PARALLEL_CATCH_ERROR_OUTPUT_WITH_RETRY]',
];

const nameOf = ({ source }: RecordedCase): string => source.split('::').at(-1) ?? source;
const isLost = (recorded: RecordedCase): boolean =>
  LOST_OUTCOMES.some((name) => nameOf(recorded).startsWith(name)) && (recorded.tasks ?? []).length === 0;

/** Why the reader refuses the definition; null where it does not. */
function refusalOf({ definition }: RecordedCase): string | null {
  const { diagnostics } = readStateMachine(definition);
  if (diagnostics.length === 0) return null;
  const messages = diagnostics.map(({ message }) => message);
  const known = UNSUPPORTED.find(([pattern]) => messages.some((message) => pattern.test(message)));
  return known?.[1] ?? `unexpected: ${messages.join('; ')}`;
}

/** Answers a state's tasks with their recorded outcomes, in order. */
function recordedOutcomes({ tasks }: RecordedCase) {
  const open = [...(tasks ?? [])];
  return (state: string): TaskOutcome => {
    const place = open.findIndex((task) => task.state === state);
    const [task] = place < 0 ? [] : open.splice(place, 1);
    if (task === undefined || task.event.endsWith('TimedOut')) return 'hang';
    if (!task.event.endsWith('Failed')) return { output: task.output ?? null };
    return { error: task.error ?? '', ...(task.cause === undefined ? {} : { cause: task.cause }) };
  };
}

async function replayCase(recorded: RecordedCase): Promise<Replay> {
  const outcomeOf = recordedOutcomes(recorded);
  return replay(recorded.definition, { input: recorded.input, onTask: ({ state }) => outcomeOf(state) });
}

/** How an execution ended that should have ended otherwise. */
function outcomeDifferences({ expect: expected }: RecordedCase, { execution }: Replay): readonly string[] {
  const { status, output = null, failure = {} } = execution;
  const hasOutput = status !== 'SUCCEEDED' || matchesRecording(expected.output ?? null, output);
  const hasCause = matchesRecording(expected.cause ?? '', failure.cause ?? '');
  return [
    ...(status === expected.status ? [] : [`status ${status}`]),
    ...(hasOutput ? [] : [`output ${JSON.stringify(output)}`]),
    ...(failure.error === expected.error ? [] : [`error ${failure.error}`]),
    ...(hasCause ? [] : [`cause ${failure.cause}`]),
  ];
}

/** Tasks that were given other arguments than on AWS. */
function argumentDifferences(recorded: RecordedCase, { tasks }: Replay): readonly string[] {
  return (recorded.tasks ?? []).flatMap(({ parameters }, place) => {
    const given = tasks[place]?.arguments ?? null;
    return parameters === undefined || matchesRecording(parameters, given)
      ? []
      : [`arguments ${JSON.stringify(given)}`];
  });
}

/** A history whose events have other ids or types. */
function historyDifferences(
  { events, events_partial: isPartial }: RecordedCase,
  { history }: Replay,
): readonly string[] {
  if (events === undefined || isPartial === true) return [];
  const types = history.map(({ id, type }) => `${id} ${type}`).join();
  return types === events.map(([id, , type]) => `${id} ${type}`).join() ? [] : [`history ${types}`];
}

function differences(recorded: RecordedCase, replayed: Replay): readonly string[] {
  return [outcomeDifferences, argumentDifferences, historyDifferences].flatMap((compare) =>
    compare(recorded, replayed),
  );
}

describe.skipIf(!recordingsExist())(
  'executions recorded on AWS (skipped where ../shared/conformance is absent: the recordings are no part of the project)',
  () => {
    const cases = recordingsExist() ? readJsonataCases() : [];
    const supported = cases.filter((recorded) => refusalOf(recorded) === null && !isLost(recorded));

    it('ends every supported JSONata execution as AWS did, with the same task arguments and history', async () => {
      const failed: string[] = [];
      for (const recorded of supported) {
        const found = differences(recorded, await replayCase(recorded));
        if (found.length > 0) failed.push(`${nameOf(recorded)}: ${found.join('; ')}`);
      }

      expect(failed).toEqual([]);
    });

    it('covers 130 of the 156 JSONata recordings', () => {
      expect([supported.length, cases.length]).toEqual([130, 156]);
    });

    it('refuses the others by the name of what it does not support, and counts them', () => {
      const counts: Record<string, number> = {};
      for (const recorded of cases) {
        const refusal = refusalOf(recorded);
        if (refusal !== null) counts[refusal] = (counts[refusal] ?? 0) + 1;
      }

      expect(counts).toEqual(UNSUPPORTED_COUNTS);
    });

    it('leaves out just the recordings that lost a task outcome', () => {
      expect(cases.filter((recorded) => isLost(recorded)).map(nameOf)).toHaveLength(LOST_OUTCOMES.length);
    });
  },
);
