import { describe, expect, it } from 'vitest';
import { type CostNode, leaf, sum, times } from '../../../../lib/cost/tree/cost-node.ts';
import { stateShares } from '../../../../lib/cost/tree/state-shares.ts';
import { usd, usdToDecimal } from '../../../../lib/units/usd.ts';

const machine = 'app/Machine.States';
const cost = (at: string, amount: string, item = 'glue'): CostNode =>
  leaf({ label: at, at, item, price: usd(amount), factors: [] });
const transition = (at: string): CostNode => cost(at, '0.5', 'stepfunctions.standard.transition');

const sharesOf = (tree: CostNode, ...states: readonly string[]) =>
  Object.fromEntries(Object.entries(stateShares(tree, states)).map(([state, share]) => [state, usdToDecimal(share)]));

describe('the shares of states in a bound', () => {
  it('are what is bounded at a state, at all of its tries, without its transitions', () => {
    const ingest = times(
      'Ingest',
      `${machine}.Ingest.Retry`,
      3,
      sum('one try', `${machine}.Ingest`, [cost('app/Job.Properties.Timeout', '2'), transition(`${machine}.Ingest`)]),
    );
    const tree = sum('one run', 'app/Machine', [ingest, cost(`${machine}.Other`, '7'), cost('app/Rule', '1')]);

    expect(sharesOf(tree, 'Ingest')).toEqual({ Ingest: '6' });
  });

  it('count a state inside a Map for each item, apart from the Map', () => {
    const inner = `${machine}.Train all.ItemProcessor.States.Train`;
    const item = sum('one item', `${machine}.Train all.ItemProcessor`, [
      cost(`${inner}.Arguments.StoppingCondition`, '3'),
      cost(`${machine}.Train all.ItemProcessor.States.Publish`, '1'),
    ]);
    const tree = sum('Train all', `${machine}.Train all`, [times('4 items', `${machine}.Train all.Items`, 4, item)]);

    expect(sharesOf(tree, 'Train', 'Train all')).toEqual({ Train: '12', 'Train all': '4' });
  });

  it('are zero for a state that is not on the dearest walk, and take no state for another with a longer name', () => {
    const tree = sum('run', 'app/Machine', [cost(`${machine}.Evaluate all`, '3')]);

    expect(sharesOf(tree, 'Evaluate')).toEqual({ Evaluate: '0' });
  });
});
