import type { JsonValue } from './json.ts';

/** Which execution it is: what the context object tells the states about it. */
export interface ExecutionIdentity {
  /** ARN of the execution. */
  readonly id: string;
  readonly name: string;
  readonly roleArn: string;
  readonly stateMachine: { readonly id: string; readonly name: string };
  readonly input: JsonValue;
}

export type ExecutionStatus = 'NEW' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';

/** Why a state or an execution failed, as `$states.errorOutput` shows it. Absent parts were not given. */
export interface Failure {
  readonly error?: string;
  readonly cause?: string;
}

/** An execution between two events: plain JSON, nothing in it refers to memory. */
export interface Execution {
  readonly identity: ExecutionIdentity;
  readonly status: ExecutionStatus;
  /** ISO 8601 UTC with milliseconds; empty while NEW. */
  readonly startTime: string;
  readonly stopTime?: string;
  /** Present once SUCCEEDED. */
  readonly output?: JsonValue;
  /** Present once FAILED or ABORTED. */
  readonly failure?: Failure;
  /** Id of the newest history event. */
  readonly historyId: number;
  /** How many scopes, tasks and waits were ever created: makes their ids. */
  readonly sequence: number;
  /** What runs now, by scope id: the execution itself (`ROOT_SCOPE`), Map iterations and Parallel branches. */
  readonly scopes: Readonly<Record<string, Scope>>;
}

export const ROOT_SCOPE = 'root';

/** One walk through `States`: it owns variables and is in exactly one state at a time. */
export interface Scope {
  /** Scope whose Map or Parallel state it belongs to; null for the execution itself. */
  readonly parent: string | null;
  /** Number of the iteration or branch, from 0. */
  readonly index: number;
  /** Present in a Map iteration. */
  readonly item?: JsonValue;
  /** Assigned in this scope; those of enclosing scopes are visible, and never changed from here. */
  readonly variables: Readonly<Record<string, JsonValue>>;
  /** History event before the scope's next one. */
  readonly historyId: number;
  readonly activity: Activity;
}

/** A state in progress. */
export interface Activity {
  readonly state: string;
  readonly input: JsonValue;
  /** ISO 8601 UTC. */
  readonly enteredTime: string;
  /** History event of its entry. */
  readonly enteredHistoryId: number;
  /** Retries so far, in total and by retrier. */
  readonly retryCount: number;
  readonly retriesByRetrier: readonly number[];
  readonly awaiting: Awaiting;
}

export type Awaiting =
  | { readonly kind: 'entry' }
  | { readonly kind: 'task'; readonly id: string; readonly timeoutId: string | null }
  | { readonly kind: 'wait'; readonly id: string }
  | { readonly kind: 'retry'; readonly id: string }
  | {
      readonly kind: 'scopes';
      /** What each scope is given; `null` outputs are open. */
      readonly inputs: readonly { readonly input: JsonValue; readonly item?: JsonValue }[];
      readonly outputs: readonly ({ readonly output: JsonValue } | null)[];
      /** Index of the next scope to begin. */
      readonly next: number;
      /** Scopes at once. */
      readonly concurrency: number;
    };

/**
 * What happened outside. Every event carries the driver's clock and chance, so that a transition is a function of
 * state and event. An event for an id that nothing waits for any more changes nothing.
 */
export type ExecutionEvent = EventSource &
  (
    | { readonly kind: 'started' }
    /** Optional: a `.sync` job was accepted; only history shows it. */
    | { readonly kind: 'taskSubmitted'; readonly id: string; readonly output: JsonValue }
    | { readonly kind: 'taskSucceeded'; readonly id: string; readonly output: JsonValue }
    | { readonly kind: 'taskFailed'; readonly id: string; readonly error: string; readonly cause?: string }
    | { readonly kind: 'waitElapsed'; readonly id: string }
    /** StopExecution: ends the execution at once, no state catches it. */
    | { readonly kind: 'aborted'; readonly error?: string; readonly cause?: string }
  );

export interface EventSource {
  /** ISO 8601 UTC with milliseconds, for example `2026-11-20T04:00:00.000Z`. */
  readonly timestamp: string;
  /** Fresh for each event: where `$random`, `$uuid`, `$shuffle` and jitter come from. */
  readonly seed: string;
}

/** Where in the nesting of Map and Parallel states something happens, outermost first. */
export type ScopePath = readonly { readonly state: string; readonly index: number }[];

/** What the driver is to do. Effects of one transition are in the order in which they arose. */
export type Effect =
  | TaskEffect
  /** Report `waitElapsed` with this id after so many seconds. */
  | {
      readonly kind: 'wait';
      readonly id: string;
      readonly seconds: number;
      readonly reason: 'wait' | 'retry' | 'timeout';
      readonly state: string;
    }
  /** The outcome of this task or wait is not wanted any more: stop it (a `.sync` job: best effort). */
  | { readonly kind: 'cancel'; readonly id: string }
  | HistoryEffect;

/** Make this call and report `taskSucceeded` or `taskFailed` with its id. */
export interface TaskEffect {
  readonly kind: 'task';
  readonly id: string;
  readonly state: string;
  readonly path: ScopePath;
  readonly resource: string;
  readonly arguments: JsonValue;
  /** 0 at the first try. */
  readonly retryCount: number;
}

/** A line of the execution's history, with Step Functions' event types. */
export interface HistoryEffect {
  readonly kind: 'history';
  /** From 1, without gaps. */
  readonly id: number;
  readonly previousId: number;
  readonly timestamp: string;
  readonly type: HistoryEventType;
  /** State concerned; null for events of the execution itself. */
  readonly state: string | null;
  readonly path: ScopePath;
  readonly details: HistoryDetails;
}

export interface HistoryDetails extends Failure {
  readonly input?: JsonValue;
  readonly output?: JsonValue;
  readonly resource?: string;
  readonly assigned?: Readonly<Record<string, JsonValue>>;
  /** Of a Map iteration, or the length of a Map's items. */
  readonly index?: number;
  readonly length?: number;
}

export type StateEventType<Type extends string> = `${Type}StateEntered` | `${Type}StateExited`;

/** Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html (2026-11-20). */
export type HistoryEventType =
  | StateEventType<'Task' | 'Choice' | 'Pass' | 'Wait' | 'Succeed' | 'Map' | 'Parallel'>
  | 'FailStateEntered'
  | `Execution${'Started' | 'Succeeded' | 'Failed' | 'Aborted'}`
  | `Task${'Scheduled' | 'Started' | 'Submitted' | 'Succeeded' | 'Failed' | 'TimedOut'}`
  | `LambdaFunction${'Scheduled' | 'Started' | 'Succeeded' | 'Failed' | 'TimedOut'}`
  | `MapState${'Started' | 'Succeeded' | 'Failed'}`
  | `MapIteration${'Started' | 'Succeeded' | 'Failed' | 'Aborted'}`
  | `ParallelState${'Started' | 'Succeeded' | 'Failed'}`
  | 'EvaluationFailed';

export interface Transition {
  readonly execution: Execution;
  readonly effects: readonly Effect[];
}

/** An execution that has not started: give it the event `started`. */
export const newExecution = (identity: ExecutionIdentity): Execution => ({
  identity,
  status: 'NEW',
  startTime: '',
  historyId: 0,
  sequence: 0,
  scopes: {},
});
