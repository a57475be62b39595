import { describe, expect, it } from 'vitest';
import { boundOf, costs, problemsOf, tenthsOf } from '../../../support/cost-flow.ts';

const one = (state: object) => ({ State: { End: true, ...state } });
const work = (name: string, dollars: number) => ({
  StartAt: name,
  States: { [name]: { Type: 'Task', Resource: costs(dollars), End: true } },
});
/** Succeeds for 1 dollar; fails for 1 + 5 dollars. */
const FRAGILE = {
  StartAt: 'Try',
  States: {
    Try: { Type: 'Task', Resource: costs(1), Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Undo' }], End: true },
    Undo: { Type: 'Task', Resource: costs(5), Next: 'Give up' },
    'Give up': { Type: 'Fail' },
  },
};
const FRAGILE_SUCCESS = 11;
const FRAGILE_FAILURE = 11 + 51 + 1;
/** Never succeeds. */
const HOPELESS = { StartAt: 'No', States: { No: { Type: 'Fail' } } };
const RETRIED = { Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2 }] };
const THEN_SPEND = { After: { Type: 'Task', Resource: costs(1_000), End: true } };

describe('a Parallel', () => {
  it('costs all of its branches', () => {
    expect(tenthsOf(one({ Type: 'Parallel', Branches: [work('A', 1), work('B', 2)] }))).toBe(11 + 21 + 1);
  });

  it('costs the dearer ends of its branches on every try but one that succeeds', () => {
    const parallel = { Type: 'Parallel', Branches: [FRAGILE, work('B', 2)], ...RETRIED };
    const failing = FRAGILE_FAILURE + 21 + 1;

    expect(tenthsOf(one(parallel))).toBe(3 * failing);
    expect(tenthsOf({ State: { ...parallel, Next: 'After' }, ...THEN_SPEND })).toBe(
      2 * failing + FRAGILE_SUCCESS + 21 + 1 + 10_001,
    );
  });

  it('is never followed by what comes after success where a branch cannot succeed', () => {
    const parallel = { Type: 'Parallel', Branches: [HOPELESS, work('B', 2)] };

    expect(tenthsOf({ State: { ...parallel, Next: 'After' }, ...THEN_SPEND })).toBe(1 + 21 + 1);
  });
});

describe('a Map', () => {
  const map = (fields: object) => ({
    Type: 'Map',
    ItemProcessor: FRAGILE,
    Items: ['a', 'b', 'c', 'd', 'e'],
    ...fields,
  });

  it('may fail with all of its items at once', () => {
    expect(tenthsOf(one(map({})))).toBe(5 * FRAGILE_FAILURE + 1);
  });

  it('may fail only with as many items as a literal MaxConcurrency lets run at once', () => {
    expect(tenthsOf(one(map({ MaxConcurrency: 2 })))).toBe(2 * FRAGILE_FAILURE + 3 * FRAGILE_SUCCESS + 1);
    expect(tenthsOf(one(map({ MaxConcurrency: 9 })))).toBe(5 * FRAGILE_FAILURE + 1);
  });

  it('is not limited by a MaxConcurrency of 0, or one that a run decides', () => {
    expect(tenthsOf(one(map({ MaxConcurrency: 0 })))).toBe(5 * FRAGILE_FAILURE + 1);
    expect(tenthsOf(one(map({ MaxConcurrency: '{% $n %}' })))).toBe(5 * FRAGILE_FAILURE + 1);
    expect(tenthsOf(one(map({ MaxConcurrencyPath: '$.n' })))).toBe(5 * FRAGILE_FAILURE + 1);
  });

  it('that tolerates failures may go on after any of them', () => {
    const states = {
      State: { ...map({ ToleratedFailurePercentage: 5, MaxConcurrency: 1 }), Next: 'After' },
      ...THEN_SPEND,
    };

    expect(tenthsOf(states)).toBe(5 * FRAGILE_FAILURE + 1 + 10_001);
  });

  it('runs its items again on every try', () => {
    expect(tenthsOf(one(map({ ...RETRIED, MaxConcurrency: 1 })))).toBe(3 * (FRAGILE_FAILURE + 4 * FRAGILE_SUCCESS + 1));
  });

  it('of items that cannot succeed goes on only if it may be empty', () => {
    const after = { Next: 'After', ItemProcessor: HOPELESS };

    expect(tenthsOf({ State: { ...map(after) }, ...THEN_SPEND })).toBe(5 + 1);
    expect(tenthsOf({ State: { ...map(after), Items: '{% $x %}', MaxItems: 5 }, ...THEN_SPEND })).toBe(1 + 10_001);
  });

  it('that is distributed pays the start and the end of every child execution', () => {
    const ItemProcessor = { ...work('A', 1), ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } };

    expect(tenthsOf(one(map({ ItemProcessor })))).toBe(5 * (11 + 2) + 1);
  });

  it('is refused without a provable number of items, in either query language', () => {
    expect(problemsOf(one(map({ Items: '{% $x %}' })))).toEqual(['unbounded-map app/M.States.State.Items']);
    expect(problemsOf(one(map({ Items: '{% $x %}', QueryLanguage: 'JSONPath' })))).toEqual([
      'unbounded-map app/M.States.State.ItemsPath',
    ]);
    expect(problemsOf(one(map({ Items: undefined, ItemReader: {} })))).toEqual([
      'unbounded-map app/M.States.State.ItemReader.ReaderConfig.MaxItems',
    ]);
  });

  it('is refused where its child executions are express', () => {
    const ItemProcessor = { ...work('A', 1), ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' } };

    expect(problemsOf(one(map({ ItemProcessor })))).toEqual([
      'unmetered-option app/M.States.State.ItemProcessor.ProcessorConfig.ExecutionType',
    ]);
  });
});

describe('scopes in scopes', () => {
  it('may be 200 deep', () => {
    let scope: object = work('Leaf', 1);
    for (let depth = 0; depth < 200; depth += 1) {
      scope = { StartAt: `P${depth}`, States: { [`P${depth}`]: { Type: 'Parallel', Branches: [scope], End: true } } };
    }

    expect(Number(boundOf(scope).node.usd / 100_000_000_000n)).toBe(11 + 200 + 2);
  });

  it('may be long: a chain of 10,000 states, and a Choice of 10,000 rules', () => {
    const size = 10_000;
    const names = Array.from({ length: size }, (_, place) => `S${place}`);
    const ending = (place: number) => (place === size - 1 ? { End: true } : { Next: `S${place + 1}` });
    const chain = names.map((name, place) => [name, { Type: 'Task', Resource: costs(1), ...ending(place) }] as const);
    const wide = names.map((name, place) => [name, { Type: 'Task', Resource: costs(place), End: true }] as const);
    const choice = { Type: 'Choice', Choices: names.map((Next) => ({ Condition: '{% $x %}', Next })) };

    expect(tenthsOf(Object.fromEntries(chain))).toBe(11 * size);
    expect(tenthsOf({ Choice: choice, ...Object.fromEntries(wide) })).toBe(1 + 10 * (size - 1) + 1);
  });
});
