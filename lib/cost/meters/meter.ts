import { must } from '../../errors/fault.ts';
import type { CostContext } from '../cost-context.ts';
import { type Bounded, dearestBounded } from '../tree/bounded.ts';
import type { Setting } from './setting.ts';

/** One try of a task, with one combination of arguments. */
export interface MeteredCall {
  /** Path of the state. */
  readonly at: string;
  readonly arguments: Setting;
  /** Retries that the state machine adds to the first try, at most. */
  readonly retries: number;
}

/** The most that one call to a service can cost. */
export type Meter = (call: MeteredCall, context: CostContext) => Bounded;

/** The dearest of several possibilities, of which there is at least one. */
export function dearestOf(bounds: readonly Bounded[]): Bounded {
  const [first, ...others] = bounds;
  return dearestBounded(must(first, 'a possibility'), ...others);
}
