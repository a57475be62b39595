import { exceedsDataLimit } from './data-limit.ts';
import type { Draft, Outcome } from './draft.ts';
import type { HistoryEventType } from './execution.ts';
import { evaluateTo, NATURAL } from './expected-types.ts';
import type { JsonValue } from './json.ts';
import { dataLimitFailure } from './leave-state.ts';
import type { TaskState } from './state-machine.ts';
import type { Step } from './step.ts';

const LAMBDA_FUNCTION = /^arn:[^:]+:lambda:/;

/** History calls a Lambda function by its ARN other names than an integration. */
export const taskEvent = (
  resource: string,
  what: 'Scheduled' | 'Started' | 'Succeeded' | 'Failed' | 'TimedOut',
): HistoryEventType => `${LAMBDA_FUNCTION.test(resource) ? 'LambdaFunction' : 'Task'}${what}`;

/** Asks the driver for the call; without Arguments the state's input is what is sent. */
export async function performTask(draft: Draft, scopeId: string, state: TaskState): Promise<readonly Step[]> {
  const { activity } = draft.scope(scopeId);
  const input: Outcome =
    state.Arguments === undefined
      ? { ok: true, value: activity.input }
      : await draft.evaluate(scopeId, 'Arguments', state.Arguments);
  if (!input.ok) return [{ kind: 'fail', scope: scopeId, failure: input.failure }];
  const timeout = await timeoutOf(draft, scopeId, state);
  if (!timeout.ok) return [{ kind: 'fail', scope: scopeId, failure: timeout.failure }];
  if (exceedsDataLimit(input.value))
    return [{ kind: 'fail', scope: scopeId, failure: dataLimitFailure(draft, scopeId) }];
  schedule(draft, scopeId, state.Resource, input.value);
  startTimeout(draft, scopeId, timeout.value);
  return [];
}

async function timeoutOf(draft: Draft, scopeId: string, state: TaskState): Promise<Outcome<number | null>> {
  if (state.TimeoutSeconds === undefined) return { ok: true, value: null };
  return evaluateTo(draft, scopeId, ['TimeoutSeconds', state.TimeoutSeconds], NATURAL);
}

function schedule(draft: Draft, scopeId: string, resource: string, input: JsonValue): void {
  const { state, retryCount } = draft.scope(scopeId).activity;
  const id = draft.newId('task');
  const path = draft.pathOf(scopeId);
  draft.await(scopeId, { kind: 'task', id, timeoutId: null });
  draft.record(scopeId, taskEvent(resource, 'Scheduled'), { resource, input });
  draft.emit({ kind: 'task', id, state, path, resource, arguments: input, retryCount });
  draft.record(scopeId, taskEvent(resource, 'Started'), { resource });
}

function startTimeout(draft: Draft, scopeId: string, seconds: number | null): void {
  const { awaiting, state } = draft.scope(scopeId).activity;
  if (seconds === null || awaiting.kind !== 'task') return;
  const timeoutId = draft.newId('wait');
  draft.await(scopeId, { ...awaiting, timeoutId });
  draft.emit({ kind: 'wait', id: timeoutId, seconds, reason: 'timeout', state });
}
