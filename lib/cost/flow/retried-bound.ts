import { type CostNode, sum, times } from '../tree/cost-node.ts';
import type { MapState, ParallelState } from '../workflow/workflow.ts';
import { triesOf } from './tries.ts';

/** What one try of a Parallel or Map costs. */
export interface TryCosts {
  readonly failing: CostNode;
  /** Null where no try can succeed. */
  readonly successful: CostNode | null;
}

/** All tries of a Parallel or Map: every one of them fails, or every one but the last. */
export function boundTries(
  { name, at, retriers }: ParallelState | MapState,
  { failing, successful }: TryCosts,
): { readonly anyhow: CostNode; readonly successful: CostNode | null } {
  const tries = triesOf(retriers);
  const often = (count: number): CostNode => (count === 1 ? failing : times('tries', `${at}.Retry`, count, failing));
  const anyhow = often(tries);
  if (successful === null || tries === 1) return { anyhow, successful };
  if (successful.usd === failing.usd) return { anyhow, successful: anyhow };
  return { anyhow, successful: sum(name, at, [often(tries - 1), successful]) };
}
