import type { Unresolved } from '../unresolved.ts';
import type { App } from './app.ts';
import type { Choose } from './choices.ts';
import type { Stack } from './stack.ts';

/** The longest text that is built, in UTF-16 code units: a template can double a text at each level of nesting. */
export const LONGEST_TEXT = 4_000_000;

/** How deeply values may be nested, through references to other stacks and conditions too. */
export const DEEPEST_NESTING = 500;

/**
 * One evaluation of template values, in which each choice is made once. Results are JSON; what is not known is a
 * placeholder text, and undefined is `AWS::NoValue`.
 */
export interface Evaluation {
  readonly app: App;
  /** In which names are looked up. */
  readonly stack: Stack;
  readonly choose: Choose;
  readonly resolve: (value: unknown) => unknown;
  /** Whether a condition of the stack holds; undefined where that cannot be known. */
  readonly isTrue: (condition: string) => boolean | undefined;
  /** Whether an expression as `Conditions` has them holds. */
  readonly holds: (expression: unknown) => boolean | undefined;
  /** The value of an output of some stack; `key` is its address. */
  readonly outputOf: (stack: Stack, name: string) => unknown;
  /** A placeholder for what is not known; the same `key` is the same value. */
  readonly unknown: (key: string, decidedBy: Unresolved['decidedBy'], reason: string) => string;
}

/** What a template value is that CloudFormation would not accept; the reason completes "the value is …". */
export const unacceptable = (evaluation: Evaluation, reason: string): string =>
  evaluation.unknown(`input ${reason}`, 'input', reason);

/** What depends on a choice where none may be made. */
export const oneOfTooMany = (evaluation: Evaluation, key: string): string =>
  evaluation.unknown(
    `choice ${evaluation.stack.name} ${key}`,
    'deployment',
    'one of too many combinations of conditions and parameters',
  );
