import { describe, expect, it } from 'vitest';
import { type ReplayOptions, replay, type TaskOutcome } from '../../support/execution-replay.ts';
import { machineOf, pass, task } from '../../support/state-machines.ts';

/** Fails the first so many tries with the error, then succeeds with the number of the try. */
const failingFirst = (failures: number, error: string): ReplayOptions['onTask'] => {
  let tries = 0;
  return (): TaskOutcome => {
    tries += 1;
    return tries <= failures ? { error, cause: `try ${tries}` } : { output: tries };
  };
};

const waitsOf = async (definition: unknown, onTask: ReplayOptions['onTask']) => {
  const { effects } = await replay(definition, { onTask });
  return effects.flatMap((effect) => (effect.kind === 'wait' ? [effect.seconds] : []));
};

describe('a Task state', () => {
  it('sends its arguments, and makes its output and variables from the result', async () => {
    const definition = machineOf({
      Count: task({
        Arguments: { of: '{% $states.input.name %}' },
        Assign: { rows: '{% $states.result.rows %}' },
        Output: { rows: '{% $states.result.rows + 1 %}', name: '{% $states.input.name %}' },
        Next: 'Show',
      }),
      Show: pass({ Output: ['{% $rows %}', '{% $states.input.rows %}'] }),
    });

    const { execution, tasks } = await replay(definition, {
      input: { name: 'a' },
      onTask: () => ({ output: { rows: 5 } }),
    });

    expect(tasks).toMatchObject([{ state: 'Count', arguments: { of: 'a' }, retryCount: 0, path: [] }]);
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: [5, 6], scopes: {} });
  });

  it('sends its input where it has no arguments, and passes its result on', async () => {
    const { execution, tasks } = await replay(machineOf({ Work: task() }), {
      input: [1],
      onTask: () => ({ output: 'done' }),
    });

    expect(tasks[0]?.arguments).toEqual([1]);
    expect(execution.output).toBe('done');
  });

  it('evaluates all assignments before any takes effect', async () => {
    const definition = machineOf({
      First: pass({ Assign: { a: 1, b: 2 }, Next: 'Swap' }),
      Swap: pass({ Assign: { a: '{% $b %}', b: '{% $a %}' }, Output: '{% $a %}', Next: 'Show' }),
      Show: pass({ Output: ['{% $a %}', '{% $b %}', '{% $states.input %}'] }),
    });

    expect((await replay(definition)).execution.output).toEqual([2, 1, 1]);
  });

  it('fails the execution with the error of the task', async () => {
    const { execution } = await replay(machineOf({ Work: task() }), {
      onTask: () => ({ error: 'Broken', cause: 'why' }),
    });

    expect(execution).toMatchObject({ status: 'FAILED', failure: { error: 'Broken', cause: 'why' } });
  });

  it('waits longer before every retry, up to the greatest delay', async () => {
    const Retry = [{ ErrorEquals: ['E'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 4, MaxDelaySeconds: 20 }];

    expect(await waitsOf(machineOf({ Work: task({ Retry }) }), failingFirst(4, 'E'))).toEqual([2, 6, 18, 20]);
  });

  it('retries three times after 1, 2 and 4 seconds by default, and then fails', async () => {
    const definition = machineOf({ Work: task({ Retry: [{ ErrorEquals: ['States.ALL'] }] }) });
    const { execution, tasks } = await replay(definition, { onTask: failingFirst(9, 'E') });

    expect(await waitsOf(definition, failingFirst(9, 'E'))).toEqual([1, 2, 4]);
    expect(tasks.map(({ retryCount }) => retryCount)).toEqual([0, 1, 2, 3]);
    expect(execution).toMatchObject({ status: 'FAILED', failure: { error: 'E', cause: 'try 4' } });
  });

  it('draws the pause from zero to what it would have been with full jitter', async () => {
    const Retry = [{ ErrorEquals: ['E'], IntervalSeconds: 100, MaxAttempts: 1, JitterStrategy: 'FULL' }];
    const [seconds = -1] = await waitsOf(machineOf({ Work: task({ Retry }) }), failingFirst(1, 'E'));

    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(100);
  });

  it('counts tries by retrier, and tells the state their sum', async () => {
    const Retry = [
      { ErrorEquals: ['A'], MaxAttempts: 1 },
      { ErrorEquals: ['B'], MaxAttempts: 1 },
    ];
    const errors = ['A', 'B', 'A'];
    const definition = machineOf({ Work: task({ Retry, Arguments: '{% $states.context.State.RetryCount %}' }) });

    const { execution, tasks } = await replay(definition, {
      onTask: ({ retryCount }) => ({ error: errors[retryCount] ?? 'none' }),
    });

    expect(tasks.map((made) => made.arguments)).toEqual([0, 1, 2]);
    expect(execution.failure).toEqual({ error: 'A' });
  });

  it('never retries where MaxAttempts is 0, even if a later retrier would', async () => {
    const Retry = [{ ErrorEquals: ['E'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }];
    const { tasks } = await replay(machineOf({ Work: task({ Retry }) }), { onTask: failingFirst(9, 'E') });

    expect(tasks).toHaveLength(1);
  });

  it('catches what retries did not cure, by the first catcher that names the error', async () => {
    const definition = machineOf({
      Work: task({
        Retry: [{ ErrorEquals: ['E'], MaxAttempts: 1 }],
        Catch: [
          { ErrorEquals: ['Other'], Next: 'Wrong' },
          {
            ErrorEquals: ['E'],
            Assign: { e: '{% $states.errorOutput %}' },
            Output: '{% $states.input %}',
            Next: 'Right',
          },
          { ErrorEquals: ['States.ALL'], Next: 'Wrong' },
        ],
      }),
      Right: pass({ Output: ['{% $e %}', '{% $states.input %}'] }),
      Wrong: { Type: 'Fail' },
    });

    const { execution } = await replay(definition, { input: 7, onTask: failingFirst(9, 'E') });

    expect(execution.output).toEqual([{ Error: 'E', Cause: 'try 2' }, 7]);
  });

  it('gives the error to the next state where a catcher has no output', async () => {
    const definition = machineOf({
      Work: task({ Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'Show' }] }),
      Show: pass(),
    });

    const { execution } = await replay(definition, { onTask: () => ({ error: 'E', cause: 'c' }) });

    expect(execution.output).toEqual({ Error: 'E', Cause: 'c' });
  });

  it('catches an expression that fails in arguments or output, but not in the catcher itself', async () => {
    const Catch = [{ ErrorEquals: ['States.QueryEvaluationError'], Output: 'caught', Next: 'Show' }];
    const before = machineOf({ Work: task({ Arguments: '{% $no %}', Catch }), Show: pass() });
    const after = machineOf({ Work: task({ Output: '{% $no %}', Catch }), Show: pass() });
    const within = machineOf({
      Work: task({ Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $no %}', Next: 'Show' }] }),
      Show: pass(),
    });

    expect((await replay(before)).execution.output).toBe('caught');
    expect((await replay(after)).execution.output).toBe('caught');
    expect((await replay(within, { onTask: () => ({ error: 'E' }) })).execution).toMatchObject({
      status: 'FAILED',
      failure: { error: 'States.QueryEvaluationError', cause: expect.stringContaining('Catch[0]/Output') },
    });
  });

  it('times out, stops the task, and does not take the timeout for a failed task', async () => {
    const definition = machineOf({
      Work: task({
        TimeoutSeconds: '{% $states.input.seconds %}',
        Catch: [
          { ErrorEquals: ['States.TaskFailed'], Output: 'failed', Next: 'Show' },
          { ErrorEquals: ['States.Timeout'], Output: 'late', Next: 'Show' },
        ],
      }),
      Show: pass(),
    });

    const { execution, effects, tasks } = await replay(definition, { input: { seconds: 30 }, onTask: () => 'hang' });

    expect(execution.output).toBe('late');
    expect(effects).toContainEqual(expect.objectContaining({ kind: 'wait', seconds: 30, reason: 'timeout' }));
    expect(effects).toContainEqual({ kind: 'cancel', id: tasks[0]?.id });
    expect(Date.parse(execution.stopTime ?? '') - Date.parse(execution.startTime)).toBe(30_000);
  });

  it('cancels the timeout of a task that answers in time', async () => {
    const { effects } = await replay(machineOf({ Work: task({ TimeoutSeconds: 30 }) }));
    const timeout = effects.find((effect) => effect.kind === 'wait');

    expect(effects).toContainEqual({ kind: 'cancel', id: timeout?.id });
  });

  it.each([
    [262_142, 'SUCCEEDED', undefined],
    [262_143, 'FAILED', 'States.DataLimitExceeded'],
  ])('accepts a result of 262,144 bytes and no more: a text of %i ends %s', async (length, status, error) => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Show' }];
    const definition = machineOf({ Work: task({ Catch, Output: 'small' }), Show: pass() });

    const { execution } = await replay(definition, { onTask: () => ({ output: 'x'.repeat(length) }) });

    expect(execution.status).toBe(status);
    expect(execution.failure?.error).toBe(error);
  });

  it('measures data in UTF-8, and its output and variables too', async () => {
    const accented = machineOf({ Work: task() });
    const grown = machineOf({ Work: task({ Assign: { twice: '{% $states.result & $states.result %}' }, Output: 1 }) });

    const results = [
      await replay(accented, { onTask: () => ({ output: 'é'.repeat(131_072) }) }),
      await replay(grown, { onTask: () => ({ output: 'x'.repeat(200_000) }) }),
    ];

    expect(results.map(({ execution }) => execution.failure?.error)).toEqual([
      'States.DataLimitExceeded',
      'States.DataLimitExceeded',
    ]);
  });
});
