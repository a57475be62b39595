import { addUsd, scaleUsd, type Usd, ZERO_USD } from '../../units/usd.ts';
import type { CostNode } from './cost-node.ts';

const TRANSITION = 'stepfunctions.standard.transition';

/**
 * How much of a bound falls to each of the named states: everything that is bounded at a state, at all of its tries,
 * but for its transitions. With what falls to none of them the shares add up to the bound exactly.
 * @param states names of states; zero for one that is not on the dearest walk
 */
export function stateShares(tree: CostNode, states: readonly string[]): Readonly<Record<string, Usd>> {
  const shares = new Map(states.map((state) => [state, ZERO_USD]));
  const visit = (node: CostNode, around: string | undefined, factor: bigint): void => {
    const state = stateAt(node.at, states) ?? around;
    if (node.kind === 'sum') for (const child of node.children) visit(child, state, factor);
    else if (node.kind === 'times') visit(node.child, state, factor * node.factor);
    else if (state !== undefined && node.item !== TRANSITION) {
      shares.set(state, addUsd(shares.get(state) ?? ZERO_USD, scaleUsd(node.usd, factor)));
    }
  };
  visit(tree, undefined, 1n);
  return Object.fromEntries(shares);
}

/** The innermost of the named states that a path lies in: `stack/Machine.States.Evaluate.Retry` lies in Evaluate. */
function stateAt(at: string, states: readonly string[]): string | undefined {
  const places = states.map((state) => ({ state, place: `${at}.`.lastIndexOf(`.States.${state}.`) }));
  return places.filter(({ place }) => place >= 0).toSorted((a, b) => b.place - a.place)[0]?.state;
}
