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
export const triesOf = (retriers: readonly Retrier[]): number => 1 + attemptsOf(applicable(retriers));

export function triesOfTask({ retriers, resource }: TaskState, accepted: ReadonlySet<AcceptableAssumption>): Tries {
  const all = applicable(retriers);
  const free = accepted.has('free-create-errors') ? all.filter(({ errors }) => areCreateErrors(errors, resource)) : [];
  return { full: 1 + attemptsOf(all) - attemptsOf(free), free: attemptsOf(free) };
}

const attemptsOf = (retriers: readonly Retrier[]): number =>
  retriers.reduce((attempts, { maxAttempts }) => attempts + maxAttempts, 0);
