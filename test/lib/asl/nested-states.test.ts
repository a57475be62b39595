import { describe, expect, it } from 'vitest';
import type { TaskEffect } from '../../../lib/asl/execution.ts';
import { replay } from '../../support/execution-replay.ts';
import { type Definition, machineOf, pass, task } from '../../support/state-machines.ts';

const mapOf = (inner: Definition, fields: Definition = {}): Definition => ({
  Type: 'Map',
  ItemProcessor: { StartAt: Object.keys(inner)[0], States: inner },
  ...('Next' in fields ? {} : { End: true }),
  ...fields,
});

/** The most tasks that wait at once, seen from the order of effects. */
const indexOf = ({ path }: TaskEffect): number => path[0]?.index ?? -1;

describe('a Map state', () => {
  it('gives its iterations their items and collects outputs in order of items, not of ends', async () => {
    const waits = { Type: 'Wait', Seconds: '{% 10 - $states.input %}', End: true };
    const definition = machineOf({ Items: mapOf({ Rest: waits }) });

    const { execution, history } = await replay(definition, { input: [1, 5, 9] });

    expect(execution.output).toEqual([1, 5, 9]);
    expect(history.filter(({ type }) => type === 'MapIterationSucceeded').map(({ details }) => details.index)).toEqual([
      2, 1, 0,
    ]);
  });

  it('makes the input of an iteration with ItemSelector, and tells it index and value', async () => {
    const definition = machineOf({
      Items: mapOf(
        { Inner: pass({ Output: ['{% $states.input %}', '{% $states.context.Map.Item %}'] }) },
        {
          Items: "{% ['a', 'b'] %}",
          ItemSelector: { at: '{% $states.context.Map.Item.Index %}', of: '{% $states.input %}' },
        },
      ),
    });

    expect((await replay(definition, { input: 7 })).execution.output).toEqual([
      [
        { at: 0, of: 7 },
        { Index: 0, Value: 'a' },
      ],
      [
        { at: 1, of: 7 },
        { Index: 1, Value: 'b' },
      ],
    ]);
  });

  it('has no more iterations at once than MaxConcurrency, and begins the next as one ends', async () => {
    const open: string[] = [];
    let most = 0;
    const definition = machineOf({
      Items: mapOf(
        {
          Begin: task({ Next: 'Rest' }),
          Rest: { Type: 'Wait', Seconds: '{% $states.input %}', Next: 'End' },
          End: task(),
        },
        { MaxConcurrency: 2 },
      ),
    });

    const { execution } = await replay(definition, {
      input: [5, 1, 1, 1],
      onTask: ({ state, arguments: input }) => {
        if (state === 'Begin') open.push(state);
        else open.pop();
        most = Math.max(most, open.length);
        return { output: input };
      },
    });

    expect(most).toBe(2);
    expect(execution.output).toEqual([5, 1, 1, 1]);
  });

  it('sees outer variables inside, and loses inner ones at the end', async () => {
    const definition = machineOf({
      Set: pass({ Assign: { outer: 10 }, Next: 'Items' }),
      Items: mapOf(
        {
          Inner: pass({ Assign: { inner: '{% $outer + $states.input %}' }, Next: 'Show' }),
          Show: pass({ Output: '{% $inner %}' }),
        },
        { Assign: { total: '{% $sum($states.result) %}' }, Next: 'After' },
      ),
      After: pass({ Output: ['{% $total %}', '{% $exists($inner) %}'] }),
    });

    expect((await replay(definition, { input: [1, 2] })).execution.output).toEqual([23, false]);
  });

  it('fails with the error of an iteration, stops the others, and can be caught', async () => {
    const definition = machineOf({
      Items: mapOf(
        { Work: task() },
        { Catch: [{ ErrorEquals: ['E'], Output: '{% $states.errorOutput %}', Next: 'Show' }], Next: 'Show' },
      ),
      Show: pass(),
    });

    const { execution, effects, tasks, history } = await replay(definition, {
      input: [1, 2, 3],
      onTask: ({ arguments: input }) => (input === 2 ? { error: 'E', cause: 'two' } : 'hang'),
    });

    const cancelled = effects.flatMap((effect) => (effect.kind === 'cancel' ? [effect.id] : []));
    expect(execution.output).toEqual({ Error: 'E', Cause: 'two' });
    expect(cancelled).toEqual(tasks.filter((made) => indexOf(made) !== 1).map(({ id }) => id));
    expect(history.filter(({ type }) => type === 'MapIterationAborted').map(({ details }) => details.index)).toEqual([
      0, 2,
    ]);
  });

  it('goes on where an iteration catches its own failure', async () => {
    const definition = machineOf({
      Items: mapOf({
        Work: task({ Catch: [{ ErrorEquals: ['States.ALL'], Output: 'failed', Next: 'Record' }] }),
        Record: pass(),
      }),
    });

    const { execution } = await replay(definition, {
      input: [1, 2],
      onTask: ({ arguments: input }) => (input === 1 ? { error: 'E' } : { output: 'fine' }),
    });

    expect(execution.output).toEqual(['failed', 'fine']);
  });

  it('begins all its items again on retry', async () => {
    let failed = false;
    const definition = machineOf({ Items: mapOf({ Work: task() }, { Retry: [{ ErrorEquals: ['E'] }] }) });

    const { execution, tasks } = await replay(definition, {
      input: [1, 2],
      onTask: ({ arguments: input }) => {
        if (input === 2 && !failed) {
          failed = true;
          return { error: 'E' };
        }
        return { output: input };
      },
    });

    expect(execution.output).toEqual([1, 2]);
    expect(tasks.map((made) => made.arguments)).toEqual([1, 2, 1, 2]);
  });

  it('does not enter iterations that a failure at once already made superfluous', async () => {
    const definition = machineOf({ Items: mapOf({ Work: task({ Arguments: '{% $no %}' }) }) });

    const { execution, tasks, history } = await replay(definition, { input: [1, 2, 3] });

    expect(execution.status).toBe('FAILED');
    expect(tasks).toEqual([]);
    expect(history.filter(({ type }) => type === 'TaskStateEntered')).toHaveLength(1);
  });

  it.each([
    [{}, { a: 1 }, 'Map state input must be an array but was: {"a":1}'],
    [{ Items: '{% $states.input.a %}' }, { a: 1 }, "Expected 'array', but was 'number' for value: 1"],
    [{ MaxConcurrency: '{% 1.5 %}' }, [1], "Expected 'non-negative integer', but was 'number' for value: 1.5"],
  ])('fails on fields of other types: %j of %j', async (fields, input, cause) => {
    const { execution } = await replay(machineOf({ Items: mapOf({ Inner: pass() }, fields) }), { input });

    expect(execution.failure).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining(cause),
    });
  });

  it('may stand in a Map, where the innermost item counts', async () => {
    const innermost = mapOf({ Inner: pass({ Output: '{% $states.context.Map.Item.Value %}' }) });

    const { execution } = await replay(machineOf({ Outer: mapOf({ Items: innermost }) }), { input: [[1, 2], [3], []] });

    expect(execution.output).toEqual([[1, 2], [3], []]);
  });
});

describe('a Parallel state', () => {
  const branches = [
    { StartAt: 'Left', States: { Left: task() } },
    { StartAt: 'Right', States: { Right: pass({ Output: '{% $states.input.b %}' }) } },
  ];

  it('gives its branches the same input and collects their outputs in order', async () => {
    const definition = machineOf({
      Fork: { Type: 'Parallel', Arguments: { b: '{% $states.input.a %}' }, Branches: branches, End: true },
    });

    const { execution, tasks } = await replay(definition, { input: { a: 1 }, onTask: () => ({ output: 'left' }) });

    expect(tasks).toMatchObject([{ arguments: { b: 1 }, path: [{ state: 'Fork', index: 0 }] }]);
    expect(execution.output).toEqual(['left', 1]);
  });

  it('fails with the error of a branch', async () => {
    const definition = machineOf({ Fork: { Type: 'Parallel', Branches: branches, End: true } });

    const { execution } = await replay(definition, { input: { b: 1 }, onTask: () => ({ error: 'E' }) });

    expect(execution.failure).toEqual({ error: 'E' });
  });
});
