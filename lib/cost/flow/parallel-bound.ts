import { type CostNode, sum } from '../tree/cost-node.ts';
import type { ParallelState } from '../workflow/workflow.ts';
import type { Flow } from './flow.ts';
import { boundTries } from './retried-bound.ts';
import type { WalkBound } from './walk-bound.ts';

/** Where one branch fails the others are stopped, at best effort: they may just as well run to their ends. */
export function boundParallel(state: ParallelState, flow: Flow): WalkBound {
  const { name, at } = state;
  const branches = state.branches.map((branch, place) => flow.boundScope(branch, `branch ${place + 1}`));
  const transition = flow.transitions.leaf('transition', at);
  const failing = sum(name, at, [...branches.map(({ anyhow }) => anyhow), transition]);
  const ends = branches.map(({ successful }) => successful).filter((node) => node !== null);
  const all = ends.length < branches.length ? null : sum(name, at, [...ends, transition]);
  return {
    ...boundTries(state, { failing, successful: cheapest(all, failing) }),
    diagnostics: branches.flatMap(({ diagnostics }) => diagnostics),
  };
}

/** One tree for both where they cost the same. */
const cheapest = (successful: CostNode | null, failing: CostNode): CostNode | null =>
  successful?.usd === failing.usd ? failing : successful;
