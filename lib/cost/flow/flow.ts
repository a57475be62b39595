import type { CostContext } from '../cost-context.ts';
import type { CallBound } from '../meters/task-call.ts';
import type { Bounded } from '../tree/bounded.ts';
import type { CostSum } from '../tree/cost-node.ts';
import type { Proofs } from '../workflow/proofs.ts';
import type { Scope } from '../workflow/workflow.ts';
import type { Transitions } from './transitions.ts';
import type { WalkBound } from './walk-bound.ts';

/** What bounding one state of a state machine draws upon. */
export interface Flow {
  readonly context: CostContext;
  readonly proofs: Proofs;
  readonly transitions: Transitions;
  readonly boundCall: CallBound;
  /** The same amount, with an explanation that is not too large. */
  readonly fold: (node: CostSum) => CostSum;
  /** A scope inside a state: a branch, or what a Map does with an item. */
  readonly boundScope: (scope: Scope, label: string) => WalkBound;
  /** Another execution, of the state machine at an address, that the path `at` starts. */
  readonly boundExecution: (machine: string, at: string) => Bounded | undefined;
}
