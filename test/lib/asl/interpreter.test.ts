import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Execution, newExecution } from '../../../lib/asl/execution.ts';
import { interpreterOf, type Replay, replay } from '../../support/execution-replay.ts';
import { machineOf, pass, task } from '../../support/state-machines.ts';

/** Every kind of state, with chance, retries and failures that depend on the input. */
const MACHINE = machineOf({
  Draw: pass({ Assign: { id: '{% $uuid() %}', seen: '{% $now() %}' }, Next: 'Items' }),
  Items: {
    Type: 'Map',
    MaxConcurrency: 2,
    ItemProcessor: {
      StartAt: 'Work',
      States: {
        Work: task({
          TimeoutSeconds: 7,
          Arguments: { item: '{% $states.input %}', id: '{% $id %}' },
          Retry: [{ ErrorEquals: ['Again'], MaxAttempts: 2, JitterStrategy: 'FULL' }],
          Catch: [{ ErrorEquals: ['States.Timeout'], Output: 'late', Next: 'Rest' }],
        }),
        Rest: { Type: 'Wait', Seconds: 3, End: true },
      },
    },
    Catch: [{ ErrorEquals: ['Broken'], Output: 'broken', Next: 'Fork' }],
    Next: 'Fork',
  },
  Fork: {
    Type: 'Parallel',
    Branches: [
      { StartAt: 'Left', States: { Left: task() } },
      { StartAt: 'Right', States: { Right: { Type: 'Wait', Seconds: 1, End: true } } },
    ],
    Next: 'Pick',
  },
  Pick: {
    Type: 'Choice',
    Choices: [{ Condition: "{% $states.input[1] = 'broken' %}", Next: 'Bad' }],
    Default: 'Good',
  },
  Good: { Type: 'Succeed', Output: ['{% $states.input %}', '{% $id %}', '{% $seen %}'] },
  Bad: { Type: 'Fail', Error: 'Bad', Cause: '{% $id %}' },
});

const OUTCOMES = ['succeed', 'Again', 'Broken', 'Unknown', 'hang'] as const;
const inputs = fc.array(fc.constantFrom(...OUTCOMES), { maxLength: 4 });

const run = (input: readonly (typeof OUTCOMES)[number][], abortAfter?: number): Promise<Replay> =>
  replay(MACHINE, {
    input,
    ...(abortAfter === undefined ? {} : { abortAfter }),
    onTask: ({ state, path, retryCount }) => {
      const wanted = state === 'Left' ? 'succeed' : (input[path[0]?.index ?? -1] ?? 'succeed');
      if (wanted === 'hang') return 'hang';
      return wanted === 'succeed' || (wanted === 'Again' && retryCount > 0)
        ? { output: retryCount }
        : { error: wanted };
    },
  });

/** What each task and wait came to: nothing may be both cancelled and awaited, or forgotten. */
const openIds = ({ effects, events, execution }: Replay): readonly string[] => {
  const asked = effects.flatMap((effect) => (effect.kind === 'task' || effect.kind === 'wait' ? [effect.id] : []));
  const cancelled = effects.flatMap((effect) => (effect.kind === 'cancel' ? [effect.id] : []));
  const reported = events.flatMap((event) => ('id' in event ? [event.id] : []));
  expect(cancelled.filter((id) => reported.includes(id))).toEqual([]);
  expect(new Set(cancelled).size).toBe(cancelled.length);
  expect(execution.status).not.toBe('RUNNING');
  return asked.filter((id) => !cancelled.includes(id) && !reported.includes(id));
};

/** Scopes with other inner scopes than those that were begun and have not ended. */
const strayScopes = ({ scopes }: Execution): readonly string[] =>
  Object.entries(scopes).flatMap(([id, { activity }]) => {
    const { awaiting } = activity;
    const inner = Object.values(scopes).filter(({ parent }) => parent === id).length;
    const open =
      awaiting.kind === 'scopes' ? awaiting.next - awaiting.outputs.filter((output) => output !== null).length : 0;
    return inner === open ? [] : [id];
  });

describe('a transition', () => {
  it('is a function of execution and event, and the execution is plain JSON', async () => {
    const interpreter = interpreterOf(MACHINE);
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        const replayed = await run(input);
        let execution: Execution = newExecution(replayed.execution.identity);
        const effects: unknown[] = [];

        for (const event of replayed.events) {
          const read: Execution = JSON.parse(JSON.stringify(execution));
          const step = await interpreter.transition(read, JSON.parse(JSON.stringify(event)));
          execution = step.execution;
          effects.push(...step.effects);
        }

        expect(execution).toEqual(replayed.execution);
        expect(effects).toEqual(replayed.effects);
      }),
      { numRuns: 30 },
    );
  });

  it('never changes the execution that it is given', async () => {
    const interpreter = interpreterOf(MACHINE);
    const { events, execution } = await run(['Again', 'succeed']);
    let current: Execution = newExecution(execution.identity);

    for (const event of events) {
      const before = JSON.stringify(current);
      const step = await interpreter.transition(current, event);
      expect(JSON.stringify(current)).toBe(before);
      current = step.execution;
    }
  });

  it('leaves nothing open at the end, and cancels only what has not answered', async () => {
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        expect(openIds(await run(input))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('numbers history without gaps, each event after its previous one, and ends it with the status', async () => {
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        const { history, execution } = await run(input);

        expect(history.map(({ id }) => id)).toEqual(history.map((_, place) => place + 1));
        expect(history.filter(({ id, previousId }) => previousId >= id)).toEqual([]);
        expect(history.at(-1)?.type.toUpperCase()).toBe(`EXECUTION${execution.status}`);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps no scope that its Map or Parallel state does not wait for', async () => {
    const interpreter = interpreterOf(MACHINE);
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        const { events, execution: ended } = await run(input);
        let execution: Execution = newExecution(ended.identity);

        for (const event of events) {
          execution = (await interpreter.transition(execution, event)).execution;
          expect(strayScopes(execution)).toEqual([]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('aborts at any moment: everything is cancelled and nothing caught', async () => {
    await fc.assert(
      fc.asyncProperty(inputs, fc.integer({ min: 0, max: 12 }), async (input, seconds) => {
        const replayed = await run(input, seconds);

        expect(openIds(replayed)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('ignores what nothing waits for any more, and everything after the end', async () => {
    const interpreter = interpreterOf(machineOf({ Work: task() }));
    const { execution: ended, events } = await replay(machineOf({ Work: task() }));
    const source = { timestamp: '2026-11-20T05:00:00.000Z', seed: 's' };
    const { execution: running } = await interpreter.transition(newExecution(ended.identity), {
      kind: 'started',
      ...source,
    });

    for (const event of events) {
      expect(await interpreter.transition(ended, event)).toEqual({ execution: ended, effects: [] });
    }
    expect(await interpreter.transition(running, { kind: 'waitElapsed', id: 'wait-99', ...source })).toEqual({
      execution: running,
      effects: [],
    });
    expect(await interpreter.transition(running, { kind: 'taskFailed', id: 'task-99', error: 'E', ...source })).toEqual(
      { execution: running, effects: [] },
    );
    expect(await interpreter.transition(running, { kind: 'started', ...source })).toEqual({
      execution: running,
      effects: [],
    });
  });

  it('records that a job was submitted, and changes nothing else by it', async () => {
    const interpreter = interpreterOf(
      machineOf({ Work: task({ Resource: 'arn:aws:states:::glue:startJobRun.sync' }) }),
    );
    const source = { timestamp: '2026-11-20T05:00:00.000Z', seed: 's' };
    const { identity } = (await replay(machineOf({ Work: task() }))).execution;
    const started = await interpreter.transition(newExecution(identity), { kind: 'started', ...source });
    const made = started.effects.find((effect) => effect.kind === 'task');

    const step = await interpreter.transition(started.execution, {
      kind: 'taskSubmitted',
      id: made?.id ?? '',
      output: { JobRunId: 'jr_1' },
      ...source,
    });

    expect(step.effects).toMatchObject([
      { kind: 'history', type: 'TaskSubmitted', details: { output: { JobRunId: 'jr_1' } } },
    ]);
    expect(step.execution.scopes['root']?.activity).toEqual(started.execution.scopes['root']?.activity);
  });
});
