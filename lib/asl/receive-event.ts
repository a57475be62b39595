import { assertNever } from '../errors/fault.ts';
import { exceedsDataLimit } from './data-limit.ts';
import type { Draft } from './draft.ts';
import { rootScope } from './enter-state.ts';
import { type Awaiting, type ExecutionEvent, type Failure, ROOT_SCOPE } from './execution.ts';
import { STATES_ERROR } from './failure.ts';
import type { JsonValue } from './json.ts';
import { dataLimitFailure } from './leave-state.ts';
import { abandonWork, cancelTimeout } from './nested-scopes.ts';
import { passThrough } from './perform-simple.ts';
import { taskEvent } from './perform-task.ts';
import type { Step } from './step.ts';

/** What follows from the event at once. An event that nothing waits for leads to nothing. */
export async function receiveEvent(draft: Draft): Promise<readonly Step[]> {
  const { event } = draft;
  switch (event.kind) {
    case 'started':
      return start(draft);
    case 'taskSubmitted':
      return submitTask(draft, event.id, event.output);
    case 'taskSucceeded':
      return succeedTask(draft, event.id, event.output);
    case 'taskFailed':
      return failTask(draft, event);
    case 'waitElapsed':
      return elapse(draft, event.id);
    case 'aborted':
      return abort(draft, event);
    default:
      return assertNever(event);
  }
}

function start(draft: Draft): readonly Step[] {
  const { identity } = draft.execution;
  draft.change({ status: 'RUNNING', startTime: draft.event.timestamp });
  draft.putScope(ROOT_SCOPE, rootScope('', identity.input));
  const { StartAt } = draft.statesOf(ROOT_SCOPE);
  draft.record(ROOT_SCOPE, 'ExecutionStarted', { input: identity.input });
  draft.putScope(ROOT_SCOPE, rootScope(StartAt, identity.input));
  return [{ kind: 'enter', scope: ROOT_SCOPE, state: StartAt, input: identity.input }];
}

interface WaitingTask {
  readonly scopeId: string;
  readonly resource: string;
  readonly timeoutId: string | null;
}

/** The scope whose Task state waits for the outcome with this id. */
function taskWaiting(draft: Draft, id: string): WaitingTask | null {
  const scopeId = scopeAwaiting(draft, (awaiting) => awaiting.kind === 'task' && awaiting.id === id);
  if (scopeId === null) return null;
  const { awaiting } = draft.scope(scopeId).activity;
  const state = draft.stateOf(scopeId);
  if (awaiting.kind !== 'task' || state.Type !== 'Task') return null;
  return { scopeId, resource: state.Resource, timeoutId: awaiting.timeoutId };
}

function scopeAwaiting(draft: Draft, matches: (awaiting: Awaiting) => boolean): string | null {
  const found = Object.entries(draft.execution.scopes).find(([, { activity }]) => matches(activity.awaiting));
  return found?.[0] ?? null;
}

function submitTask(draft: Draft, id: string, output: JsonValue): readonly Step[] {
  const task = taskWaiting(draft, id);
  if (task !== null) draft.record(task.scopeId, 'TaskSubmitted', { output, resource: task.resource });
  return [];
}

function succeedTask(draft: Draft, id: string, output: JsonValue): readonly Step[] {
  const task = taskWaiting(draft, id);
  if (task === null) return [];
  const { scopeId, resource } = task;
  settle(draft, task);
  draft.record(scopeId, taskEvent(resource, 'Succeeded'), { output, resource });
  return exceedsDataLimit(output)
    ? [{ kind: 'fail', scope: scopeId, failure: dataLimitFailure(draft, scopeId) }]
    : [{ kind: 'complete', scope: scopeId, result: output }];
}

function failTask(draft: Draft, event: Extract<ExecutionEvent, { kind: 'taskFailed' }>): readonly Step[] {
  const task = taskWaiting(draft, event.id);
  if (task === null) return [];
  const failure = failureOf(event);
  settle(draft, task);
  draft.record(task.scopeId, taskEvent(task.resource, 'Failed'), { ...failure, resource: task.resource });
  return [{ kind: 'fail', scope: task.scopeId, failure }];
}

function settle(draft: Draft, { scopeId, timeoutId }: WaitingTask): void {
  cancelTimeout(draft, timeoutId);
  draft.await(scopeId, { kind: 'entry' });
}

const failureOf = ({ error, cause }: Failure): Failure => ({
  ...(error === undefined ? {} : { error }),
  ...(cause === undefined ? {} : { cause }),
});

async function elapse(draft: Draft, id: string): Promise<readonly Step[]> {
  const scopeId = scopeAwaiting(draft, (awaiting) => waitsFor(awaiting, id));
  if (scopeId === null) return [];
  const { awaiting } = draft.scope(scopeId).activity;
  const state = draft.stateOf(scopeId);
  if (awaiting.kind === 'task') return timeOut(draft, scopeId, awaiting.id);
  draft.await(scopeId, { kind: 'entry' });
  return state.Type === 'Wait' ? passThrough(draft, scopeId, state) : [{ kind: 'perform', scope: scopeId }];
}

function waitsFor(awaiting: Awaiting, id: string): boolean {
  if (awaiting.kind === 'task') return awaiting.timeoutId === id;
  return (awaiting.kind === 'wait' || awaiting.kind === 'retry') && awaiting.id === id;
}

function timeOut(draft: Draft, scopeId: string, taskId: string): readonly Step[] {
  const state = draft.stateOf(scopeId);
  const failure = { error: STATES_ERROR.timeout };
  draft.emit({ kind: 'cancel', id: taskId });
  draft.await(scopeId, { kind: 'entry' });
  if (state.Type === 'Task') draft.record(scopeId, taskEvent(state.Resource, 'TimedOut'), failure);
  return [{ kind: 'fail', scope: scopeId, failure }];
}

function abort(draft: Draft, event: Extract<ExecutionEvent, { kind: 'aborted' }>): readonly Step[] {
  const failure = failureOf(event);
  abandonWork(draft, ROOT_SCOPE);
  draft.record(ROOT_SCOPE, 'ExecutionAborted', failure);
  draft.change({ status: 'ABORTED', failure, stopTime: draft.event.timestamp, scopes: {} });
  return [];
}
