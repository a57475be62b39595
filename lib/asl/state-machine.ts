import type { JsonValue } from './json.ts';

/**
 * The Amazon States Language as far as Hundredfold renders and executes it: JSONata throughout, inline Map.
 * Source: https://states-language.net/spec.html (2026-11-20).
 */
export interface StateMachine extends States {
  readonly Comment?: string;
  readonly Version?: '1.0';
  readonly QueryLanguage?: QueryLanguage;
}

/**
 * A state machine's language (JSONPath where it names none) holds for every state that does not name its own. A JSONPath
 * state is accepted only where nothing in it depends on the language.
 */
export const QUERY_LANGUAGES = ['JSONata', 'JSONPath'] as const;
export type QueryLanguage = (typeof QUERY_LANGUAGES)[number];

/** What a state machine, a Map iteration and a Parallel branch have in common. */
export interface States {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export const STATE_TYPES = ['Task', 'Choice', 'Pass', 'Wait', 'Succeed', 'Fail', 'Map', 'Parallel'] as const;
export type StateType = (typeof STATE_TYPES)[number];

export type State =
  | TaskState
  | ChoiceState
  | PassState
  | WaitState
  | SucceedState
  | FailState
  | MapState
  | ParallelState;

/** A JSON value in which each text `{% ... %}` is a JSONata expression. */
export type Template = JsonValue;

/** A text, or `{% ... %}` that must give one. */
export type TextTemplate = string;

/** A number, or `{% ... %}` that must give one. */
export type NumberTemplate = number | string;

export type Assignments = Readonly<Record<string, Template>>;

/** Exactly one of the two, on every state that goes on. */
export type Successor = { readonly Next: string; readonly End?: never } | { readonly End: true; readonly Next?: never };

interface Described {
  readonly Comment?: string;
  readonly QueryLanguage?: QueryLanguage;
}

interface Producing {
  /** Replaces the state's result as its output. */
  readonly Output?: Template;
  /** Evaluated together, before any of them takes effect. */
  readonly Assign?: Assignments;
}

export interface Retrier {
  /** Error names; `States.ALL` stands alone in the last retrier. */
  readonly ErrorEquals: readonly string[];
  /** Seconds before the first retry, at least 1; default 1. */
  readonly IntervalSeconds?: number;
  /** Retries, not tries: 0 means never; default 3. */
  readonly MaxAttempts?: number;
  /** At least 1; default 2. */
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  /** `FULL` draws the pause evenly from zero to what it would have been. */
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher extends Producing {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
}

interface Recovering {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export type TaskState = Described &
  Producing &
  Recovering &
  Successor & {
    readonly Type: 'Task';
    /** `arn:<partition>:states:::<service>:<api>[.sync]`, or the ARN of a Lambda function. */
    readonly Resource: string;
    readonly Arguments?: Template;
    /** Seconds until `States.Timeout`. */
    readonly TimeoutSeconds?: NumberTemplate;
  };

export interface ChoiceRule extends Producing {
  readonly Comment?: string;
  readonly Condition: string | boolean;
  readonly Next: string;
}

/** Output and Assign of the state itself hold only when the default is taken. */
export interface ChoiceState extends Described, Producing {
  readonly Type: 'Choice';
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

export type PassState = Described & Producing & Successor & { readonly Type: 'Pass' };

export type WaitState = Described &
  Producing &
  Successor & { readonly Type: 'Wait' } & (
    | { readonly Seconds: NumberTemplate; readonly Timestamp?: never }
    | { readonly Timestamp: TextTemplate; readonly Seconds?: never }
  );

export interface SucceedState extends Described {
  readonly Type: 'Succeed';
  readonly Output?: Template;
}

export interface FailState extends Described {
  readonly Type: 'Fail';
  readonly Error?: TextTemplate;
  readonly Cause?: TextTemplate;
}

export interface ItemProcessor extends States {
  readonly ProcessorConfig?: { readonly Mode: 'INLINE' };
}

export type MapState = Described &
  Producing &
  Recovering &
  Successor & {
    readonly Type: 'Map';
    /** Must give an array; without it the state's input must be one. */
    readonly Items?: Template;
    readonly ItemSelector?: Template;
    readonly ItemProcessor: ItemProcessor;
    /** Iterations at once; 0 (the default) means as many as Step Functions likes, here all. */
    readonly MaxConcurrency?: NumberTemplate;
  };

export type ParallelState = Described &
  Producing &
  Recovering &
  Successor & {
    readonly Type: 'Parallel';
    readonly Arguments?: Template;
    readonly Branches: readonly States[];
  };
