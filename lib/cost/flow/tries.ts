import type { AcceptableAssumption } from '../cost-context.ts';
import type { Retrier, TaskState } from '../workflow/workflow.ts';
import { areCreateErrors } from './create-errors.ts';
import { applicable } from './error-names.ts';

/** How often a state can be tried each time it is entered. */
export interface Tries {
  /** Tries that can cost all that a try costs, the first included. */
  readonly full: number;
  /** Further tries, each of which followed one that failed to create anything: a transition each. */
  readonly free: number;
}

/** Each retrier keeps its own count. Source: https://states-language.net/spec.html#retrying-after-error (2026-11-20). */
export function triesOf(retriers: readonly Retrier[]): number {
  return applicable(retriers).reduce((tries, { maxAttempts }) => tries + maxAttempts, 1);
}

export function triesOfTask({ retriers, resource }: TaskState, accepted: ReadonlySet<AcceptableAssumption>): Tries {
  const isFree = ({ errors }: Retrier): boolean =>
    accepted.has('free-create-errors') && areCreateErrors(errors, resource);
  const free = applicable(retriers)
    .filter(isFree)
    .reduce((tries, { maxAttempts }) => tries + maxAttempts, 0);
  return { full: triesOf(retriers) - free, free };
}
