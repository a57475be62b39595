import type { RawCatcher, RawRetrier, RawState } from './states-language.ts';

/** What happens to a failed try. */
export type Recovery =
  | { readonly kind: 'retry'; readonly retrier: number }
  | { readonly kind: 'catch'; readonly catcher: RawCatcher }
  | { readonly kind: 'fail' };

const DEFAULT_MAX_ATTEMPTS = 3;
const FAILED: Recovery = { kind: 'fail' };

/** Source: https://states-language.net/spec.html#errors (2026-11-20). */
const matches = (names: readonly string[], error: string): boolean =>
  names.some(
    (name) => name === 'States.ALL' || name === error || (name === 'States.TaskFailed' && error !== 'States.Timeout'),
  );

/** The first retrier that has the error decides while it has attempts left; then the first catcher that has it. */
export function recoveryOf(state: RawState, error: string, spent: readonly number[]): Recovery {
  const retrier = (state.Retry ?? []).findIndex(({ ErrorEquals }) => matches(ErrorEquals, error));
  if (retrier >= 0 && (spent[retrier] ?? 0) < attemptsOf(state.Retry?.[retrier])) return { kind: 'retry', retrier };
  const catcher = (state.Catch ?? []).find(({ ErrorEquals }) => matches(ErrorEquals, error));
  return catcher === undefined ? FAILED : { kind: 'catch', catcher };
}

const attemptsOf = (retrier: RawRetrier | undefined): number => retrier?.MaxAttempts ?? DEFAULT_MAX_ATTEMPTS;

const known = new WeakMap<RawState, readonly string[]>();

/** Every error that a state can tell apart: those it names, a timeout, and one that nobody names. */
export function errorsOf(state: RawState): readonly string[] {
  const found = known.get(state);
  if (found !== undefined) return found;
  const named = [...(state.Retry ?? []), ...(state.Catch ?? [])].flatMap(({ ErrorEquals }) => ErrorEquals);
  const errors = [...new Set([...named, 'States.Timeout', 'Adversary.Unnamed'])].filter(
    (name) => name !== 'States.ALL' && name !== 'States.TaskFailed',
  );
  known.set(state, errors);
  return errors;
}
