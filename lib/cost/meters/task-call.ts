import type { CostContext } from '../cost-context.ts';
import type { JsonObject } from '../json-object.ts';
import type { Bounded } from '../tree/bounded.ts';
import type { Unresolved } from '../unresolved.ts';

/** What a task does on each of its tries. */
export interface TaskCall {
  /** Name of the state. */
  readonly name: string;
  /** Path of the state: `app/Machine.States.Train`. */
  readonly at: string;
  /** The state's Resource: an ARN, in which references are markers. */
  readonly resource: string;
  /** Path of what it is called with: `app/Machine.States.Train.Arguments`, or `.Parameters`. */
  readonly argumentsAt: string;
  /** What it can be called with, one for each combination of values. At least one. */
  readonly arguments: readonly (JsonObject | Unresolved)[];
  /** Retries that the state machine adds to the first try, at most. */
  readonly retries: number;
}

/** The most that one try can cost, without the transition of its state. */
export type CallBound = (call: TaskCall, context: CostContext) => Bounded;
