import type { JsonObject } from '../json-object.ts';

/**
 * A state machine as far as its cost depends on it, in either query language.
 * Source: https://states-language.net/spec.html (2026-11-20).
 */
export type QueryLanguage = 'JSONPath' | 'JSONata';

/** What a state machine, a Map iteration and a Parallel branch have in common. */
export interface Scope {
  /** Path of the scope: `app/Machine.Definition`, `….States.Train trials.ItemProcessor`. */
  readonly at: string;
  readonly startAt: string;
  readonly states: ReadonlyMap<string, WorkflowState>;
}

export interface Retrier {
  readonly at: string;
  readonly errors: readonly string[];
  /** Retries, not tries; 3 where the definition names none. */
  readonly maxAttempts: number;
}

export interface Catcher {
  readonly at: string;
  readonly errors: readonly string[];
  readonly next: string;
  /** The catcher as written: its ResultPath, Output and Assign. */
  readonly fields: JsonObject;
}

interface StateBase {
  readonly name: string;
  /** `<scope>.States.<name>`. */
  readonly at: string;
  readonly language: QueryLanguage;
  /** The state as written, references as markers. */
  readonly fields: JsonObject;
}

interface Recovering {
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
}

interface Continuing {
  /** Null where the scope ends. */
  readonly next: string | null;
}

export interface TaskState extends StateBase, Recovering, Continuing {
  readonly type: 'Task';
  readonly resource: string;
}

export interface ParallelState extends StateBase, Recovering, Continuing {
  readonly type: 'Parallel';
  readonly branches: readonly Scope[];
}

export interface MapState extends StateBase, Recovering, Continuing {
  readonly type: 'Map';
  readonly processor: Scope;
  /** `inline`, or how each child execution of a distributed Map is billed. */
  readonly mode: 'inline' | 'standard-children' | 'express-children';
}

export interface ChoiceRule {
  readonly at: string;
  readonly next: string;
  /** The rule as written: `Condition`, or `Variable` and a comparison. */
  readonly fields: JsonObject;
}

export interface ChoiceState extends StateBase {
  readonly type: 'Choice';
  readonly rules: readonly ChoiceRule[];
  readonly otherwise: string | null;
}

export interface PassState extends StateBase, Continuing {
  readonly type: 'Pass';
}

export interface WaitState extends StateBase, Continuing {
  readonly type: 'Wait';
}

export interface EndState extends StateBase {
  readonly type: 'Succeed' | 'Fail';
}

export type WorkflowState = TaskState | ParallelState | MapState | ChoiceState | PassState | WaitState | EndState;

/** Path of what a task is called with: `Arguments` in JSONata, `Parameters` in JSONPath. */
export const argumentsPathOf = ({ at, language }: TaskState): string =>
  `${at}.${language === 'JSONata' ? 'Arguments' : 'Parameters'}`;

/** Where a state may lead inside its scope, each with the path of the field that says so. */
export function successorsOf(state: WorkflowState): readonly { readonly next: string; readonly at: string }[] {
  const next = 'next' in state && state.next !== null ? [{ next: state.next, at: `${state.at}.Next` }] : [];
  const caught = 'catchers' in state ? state.catchers.map(({ next: target, at }) => ({ next: target, at })) : [];
  if (state.type !== 'Choice') return [...next, ...caught];
  const rules = state.rules.map(({ next: target, at }) => ({ next: target, at }));
  return state.otherwise === null ? rules : [...rules, { next: state.otherwise, at: `${state.at}.Default` }];
}
