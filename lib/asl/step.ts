import type { Failure } from './execution.ts';
import type { JsonValue } from './json.ts';

/** What is still to be worked into the draft, scope by scope. Steps lead to steps until nothing is left to do. */
export type Step =
  /** The scope goes to a state. */
  | { readonly kind: 'enter'; readonly scope: string; readonly state: string; readonly input: JsonValue }
  /** Its state does its work, for the first time or once more. */
  | { readonly kind: 'perform'; readonly scope: string }
  /** The work of its Task, Map or Parallel state is done. */
  | { readonly kind: 'complete'; readonly scope: string; readonly result: JsonValue }
  /** Its state failed: retried, caught, or the end of the scope. */
  | { readonly kind: 'fail'; readonly scope: string; readonly failure: Failure }
  /** It reached its end. */
  | { readonly kind: 'end'; readonly scope: string; readonly output: JsonValue };
