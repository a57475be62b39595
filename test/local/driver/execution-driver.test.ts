import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { TaskEffect } from '../../../lib/asl/execution.ts';
import { readStateMachine } from '../../../lib/asl/reader.ts';
import { must } from '../../../lib/errors/fault.ts';
import { ExecutionDriver } from '../../../local/driver/execution-driver.ts';
import type { TaskCall, TaskOutcome } from '../../../local/driver/task-outcome.ts';
import type { RunMessage } from '../../../local/host.ts';
import { type RunRecord, RunStore } from '../../../local/state/run-store.ts';
import { stateDirectory } from '../../../local/state/state-directory.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const EXECUTION = '2001-01-22T09-00-00Z-0';

const RECORD: RunRecord = {
  version: 1,
  execution: EXECUTION,
  arn: `arn:aws:states:us-east-1:000000000000:execution:m:${EXECUTION}`,
  slot: '2001-01-22T09:00:00Z',
  attempt: 0,
  engine: 'duckdb',
  pipeline: 'p',
  status: 'RUNNING',
  startTime: '2026-01-01T00:00:00.000Z',
  stopTime: null,
  input: { items: [1, 2] },
  output: null,
  error: null,
  cause: null,
  reason: null,
  states: [],
};

const INVOKE = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments: { FunctionName: 'f' } };

type Perform = (task: TaskEffect) => TaskOutcome | Promise<TaskOutcome>;

/** A driver of the states over a fresh folder; its clock goes on by a second a reading. */
async function drive(states: object, perform: Perform, signal = new AbortController().signal) {
  const state = stateDirectory(await temporaryFolder());
  const runs = new RunStore(state);
  const messages: RunMessage[] = [];
  const cancelled: string[] = [];
  const { value, diagnostics } = readStateMachine({ QueryLanguage: 'JSONata', StartAt: 'First', States: states });
  expect(diagnostics).toEqual([]);
  let now = Date.UTC(2026, 0, 1);
  const call = (task: TaskEffect): TaskCall => {
    const aborted = Promise.withResolvers<TaskOutcome>();
    const cancel = (): void => {
      cancelled.push(task.state);
      aborted.resolve({ kind: 'failed', error: 'Stopped', cause: '' });
    };
    return { outcome: Promise.race([Promise.resolve(perform(task)), aborted.promise]), cancel };
  };
  const driver = new ExecutionDriver(
    {
      machine: must(value, 'a machine'),
      stateMachine: { arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:m', name: 'm', roleArn: 'role' },
      perform: call,
      runs,
      host: { notify: (message) => messages.push(message) },
      now: () => {
        now += 1000;
        return now;
      },
    },
    RECORD,
  );
  const record = await driver.run(signal);
  const history = (await readFile(state.executionOf(EXECUTION).events, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { record, messages, cancelled, history, stored: await runs.find(EXECUTION) };
}

const succeed = (output: TaskOutcome & object extends never ? never : object | number): TaskOutcome => ({
  kind: 'succeeded',
  output: JSON.parse(JSON.stringify(output)),
});

describe('an execution', () => {
  test('ends with its output, its states with their times, and its history on disk', async () => {
    const states = {
      First: { ...INVOKE, Assign: { n: '{% $states.result.Payload %}' }, Next: 'Done' },
      Done: { Type: 'Succeed', Output: { n: '{% $n %}', name: '{% $states.context.Execution.Name %}' } },
    };

    const { record, stored, history, messages } = await drive(states, () => succeed({ Payload: 7 }));

    expect(record).toMatchObject({ status: 'SUCCEEDED', output: { n: 7, name: EXECUTION } });
    expect(stored).toEqual(record);
    expect(record.states).toMatchObject([
      { state: 'First', type: 'Task', status: 'succeeded', path: [] },
      { state: 'Done', type: 'Succeed', status: 'succeeded' },
    ]);
    expect(history.map(({ id }) => id)).toEqual(history.map((_, index) => index + 1));
    expect(messages.map(({ kind }) => kind)).toEqual([
      'state-entered',
      'state-succeeded',
      'state-entered',
      'state-succeeded',
    ]);
    expect(messages[1]).toMatchObject({ state: 'First', seconds: 1 });
  });

  test('runs the iterations of a Map at once, as far as it may', async () => {
    let [running, most] = [0, 0];
    const states = {
      First: {
        Type: 'Map',
        Items: '{% $states.input.items %}',
        MaxConcurrency: 2,
        ItemProcessor: {
          StartAt: 'Train',
          States: { Train: { ...INVOKE, Output: '{% $states.result %}', End: true } },
        },
        End: true,
      },
    };
    const perform = async (): Promise<TaskOutcome> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running -= 1;
      return succeed(running);
    };

    const { record } = await drive(states, perform);

    expect(record.status).toBe('SUCCEEDED');
    expect(most).toBe(2);
    expect(record.states.filter(({ state }) => state === 'Train').map(({ path }) => path)).toEqual([[0], [1]]);
  });

  test('tries again what may be, tells so, and shows the retries', async () => {
    const states = {
      First: { ...INVOKE, Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 1, MaxAttempts: 2 }], End: true },
    };
    const perform: Perform = ({ retryCount }) =>
      retryCount === 0 ? { kind: 'failed', error: 'Busy', cause: 'try later' } : succeed({});

    const { record, messages } = await drive(states, perform);

    expect(record).toMatchObject({ status: 'SUCCEEDED', states: [{ status: 'succeeded', retries: 1, error: null }] });
    expect(messages).toContainEqual(
      expect.objectContaining({ kind: 'state-failed', error: 'Busy', reason: 'try later', retryInSeconds: 1 }),
    );
  });

  test('a failure that is caught is shown as one, and the run goes on', async () => {
    const states = {
      First: { ...INVOKE, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'After' }], Next: 'After' },
      After: { Type: 'Pass', End: true },
    };

    const { record } = await drive(states, () => ({
      kind: 'failed',
      error: 'Broken',
      cause: '{"FailureReason":"no rows"}',
    }));

    expect(record.status).toBe('SUCCEEDED');
    expect(record.states).toMatchObject([
      { state: 'First', status: 'failed', error: 'Broken', reason: 'no rows' },
      { state: 'After', status: 'succeeded' },
    ]);
  });

  test('a failure that is not ends it with error, cause and the reason in plain words', async () => {
    const cause = JSON.stringify({ errorType: 'NoLandingUnits', errorMessage: 'nothing has landed' });

    const { record } = await drive({ First: { ...INVOKE, End: true } }, () => ({
      kind: 'failed',
      error: 'NoLandingUnits',
      cause,
    }));

    expect(record).toMatchObject({ status: 'FAILED', error: 'NoLandingUnits', cause, reason: 'nothing has landed' });
    expect(record.states).toMatchObject([{ state: 'First', status: 'failed' }]);
  });

  test('that is aborted stops its jobs, waits for them, and says so on disk', async () => {
    const controller = new AbortController();
    const states = { First: { ...INVOKE, End: true } };
    const perform = (): Promise<TaskOutcome> => {
      setTimeout(() => controller.abort(), 20);
      return new Promise(() => undefined);
    };

    const { record, cancelled, stored } = await drive(states, perform, controller.signal);

    expect(record).toMatchObject({ status: 'ABORTED', states: [{ state: 'First', status: 'aborted' }] });
    expect(cancelled).toContain('First');
    expect(stored).toEqual(record);
  });

  test('what breaks in the shell itself is thrown', async () => {
    const broken = drive({ First: { ...INVOKE, End: true } }, () => Promise.reject(new Error('disk gone')));
    await expect(broken).rejects.toThrow('disk gone');
  });
});
