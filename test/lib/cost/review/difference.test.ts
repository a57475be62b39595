import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareTrees, type Moved } from '../../../../lib/cost/review/difference.ts';
import { type CostNode, leaf, sum, times } from '../../../../lib/cost/tree/cost-node.ts';
import { addUsd, type Usd, usd, usdToDecimal } from '../../../../lib/units/usd.ts';

const AT = 'app/Job.Properties';

/** 0.44 USD a DPU-hour, by the second. */
const glue = (workers: bigint, seconds: bigint, price = '0.44'): CostNode =>
  leaf({
    label: 'Glue job',
    at: `${AT}.Timeout`,
    item: price === '0.44' ? 'glue.v5' : 'glue.v6',
    price: usd(price),
    factors: [
      { name: 'NumberOfWorkers', at: `${AT}.NumberOfWorkers`, quantity: workers },
      { name: 'seconds until Timeout', at: `${AT}.Timeout`, quantity: seconds },
    ],
    divisor: 3_600n,
  });

const transition = (state: string): CostNode =>
  leaf({ label: 'transition', at: `app/M.States.${state}`, item: 'states', price: usd('0.000025'), factors: [] });

const state = (name: string, ...children: readonly CostNode[]): CostNode => sum(name, `app/M.States.${name}`, children);
const run = (...states: readonly CostNode[]): CostNode => sum('one execution', 'app/M', states);

const shown = (moves: readonly Moved[]): readonly string[] =>
  moves.map(
    ({ kind, path, name, from, to, usd: moved }) => `${kind} ${path} ${name} ${from} ${to} ${usdToDecimal(moved)}`,
  );

const total = (moves: readonly Moved[]): Usd => addUsd(...moves.map(({ usd: moved }) => moved));

describe('the difference of two bounds', () => {
  it('names the property that moved it, with what it was, what it is and how much that is', () => {
    const base = run(state('Ingest', transition('Ingest'), glue(5n, 1_800n)));
    const head = run(state('Ingest', transition('Ingest'), glue(10n, 1_800n)));

    expect(shown(compareTrees(base, head))).toEqual([
      'changed app/Job.Properties.NumberOfWorkers NumberOfWorkers 5 10 1.1',
    ]);
  });

  it('splits what several properties moved by changing them one at a time, the price last', () => {
    const moves = compareTrees(glue(5n, 1_800n), glue(10n, 3_600n, '0.308'));

    expect(shown(moves)).toEqual([
      'changed app/Job.Properties.Timeout seconds until Timeout 1800 3600 2.2',
      'changed app/Job.Properties.Timeout row of the price book glue.v5 glue.v6 -1.32',
      'changed app/Job.Properties.NumberOfWorkers NumberOfWorkers 5 10 1.1',
    ]);
    expect(total(moves)).toBe(usd('1.98'));
  });

  it('attributes more tries to the retrier, and the job itself once for each try of before', () => {
    const base = times('tries', 'app/M.States.Ingest.Retry', 2, glue(5n, 3_600n));
    const head = times('tries', 'app/M.States.Ingest.Retry', 3, glue(6n, 3_600n));

    expect(shown(compareTrees(base, head))).toEqual([
      'changed app/M.States.Ingest.Retry tries 2 3 2.64',
      'changed app/Job.Properties.NumberOfWorkers NumberOfWorkers 5 6 0.88',
    ]);
  });

  it('sees a factor that came or went as such, also around another one', () => {
    const bare = state('Ingest', glue(5n, 3_600n));
    const tried = times('tries', 'app/M.States.Ingest.Retry', 3, bare);
    const mapped = times('items', 'app/M.States.All.MaxItems', 4, tried);

    expect(shown(compareTrees(run(bare), run(tried)))).toEqual(['changed app/M.States.Ingest.Retry tries 1 3 4.4']);
    expect(shown(compareTrees(run(tried), run(bare)))).toEqual(['changed app/M.States.Ingest.Retry tries 3 1 -4.4']);
    expect(shown(compareTrees(tried, mapped))).toEqual(['changed app/M.States.All.MaxItems items 1 4 19.8']);
    expect(shown(compareTrees(mapped, tried))).toEqual(['changed app/M.States.All.MaxItems items 4 1 -19.8']);
  });

  it('sees a renamed state as one that went and one that came', () => {
    const base = run(state('Ingest', glue(5n, 3_600n)), state('Report', transition('Report')));
    const head = run(state('Load', glue(5n, 3_600n)), state('Report', transition('Report')));

    expect(shown(compareTrees(base, head))).toEqual([
      'removed app/M.States.Ingest Ingest 2.2 null -2.2',
      'added app/M.States.Load Load null 2.2 2.2',
    ]);
  });

  it('recognises states by their labels where the stack was renamed', () => {
    const base = sum('one execution', 'dev/M', [sum('Ingest', 'dev/M.States.Ingest', [glue(5n, 3_600n)])]);
    const head = run(state('Ingest', glue(6n, 3_600n)));

    expect(shown(compareTrees(base, head))).toEqual([
      'changed app/Job.Properties.NumberOfWorkers NumberOfWorkers 5 6 0.44',
    ]);
  });

  it('is one move for a property that sets several parts', () => {
    const base = run(state('First', glue(5n, 3_600n)), state('Second', glue(5n, 3_600n)));
    const head = run(state('First', glue(6n, 3_600n)), state('Second', glue(6n, 3_600n)));

    expect(shown(compareTrees(base, head))).toEqual([
      'changed app/Job.Properties.NumberOfWorkers NumberOfWorkers 5 6 0.88',
    ]);
  });

  it('pairs parts that look alike in their order, also where they are one and the same node', () => {
    const same = transition('A');

    expect(shown(compareTrees(run(same), run(same, same)))).toEqual([
      'added app/M.States.A transition null 0.000025 0.000025',
    ]);
    expect(compareTrees(run(same, same), run(same, same))).toEqual([]);
  });

  it('adds up to the difference exactly, for any two trees', () => {
    fc.assert(
      fc.property(trees(), trees(), (base, head) => {
        expect(total(compareTrees(base, head))).toBe(head.usd - base.usd);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is nothing for equal trees, and the opposite amount the other way round', () => {
    fc.assert(
      fc.property(trees(), trees(), (one, other) => {
        expect(compareTrees(one, structuredClone(one))).toEqual([]);
        expect(total(compareTrees(one, other))).toBe(-total(compareTrees(other, one)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes no longer than linear time over many states', () => {
    const many = (workers: bigint): CostNode =>
      run(...Array.from({ length: 20_000 }, (_, index) => state(`S${index}`, glue(workers, 60n))));

    const moves = compareTrees(many(5n), many(6n));

    expect(moves).toHaveLength(1);
    expect(total(moves)).toBe(many(6n).usd - many(5n).usd);
  });
});

/** Small alphabets, so that parts of two trees are often each other's counterpart, or nearly. */
function trees(): fc.Arbitrary<CostNode> {
  const label = fc.constantFrom('Ingest', 'Train', 'tries', 'items');
  const at = fc.constantFrom('app/A', 'app/B', 'app/C');
  const quantity = fc.bigInt({ min: 0n, max: 50n });
  const factor = fc.record({ name: fc.constantFrom('workers', 'seconds'), at, quantity });
  const { node } = fc.letrec<{ node: CostNode }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc
        .record({
          label,
          at,
          item: fc.constantFrom('x', 'y'),
          price: fc.constantFrom(usd('0.44'), usd('0.000000000007'), usd('1.3')),
          factors: fc.array(factor, { maxLength: 3 }),
          divisor: fc.constantFrom(1n, 7n, 3_600n),
        })
        .map(leaf),
      fc.tuple(label, at, fc.array(tie('node'), { maxLength: 4 })).map(([name, path, parts]) => sum(name, path, parts)),
      fc
        .tuple(label, at, fc.bigInt({ min: 0n, max: 5n }), tie('node'))
        .map(([name, path, often, part]) => times(name, path, often, part)),
    ),
  }));
  return node;
}
