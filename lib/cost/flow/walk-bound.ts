import type { Diagnostic } from '../../errors/diagnostic.ts';
import type { CostNode } from '../tree/cost-node.ts';

/**
 * What a state, or a scope, can cost: an upper bound for when it ends in whatever way, and one for when it ends in
 * success, which is never greater.
 */
export interface WalkBound {
  readonly anyhow: CostNode;
  /** Null where it never succeeds. */
  readonly successful: CostNode | null;
  readonly diagnostics: readonly Diagnostic[];
}
