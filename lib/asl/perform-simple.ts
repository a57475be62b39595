import type { Draft, Outcome } from './draft.ts';
import type { Failure } from './execution.ts';
import { evaluateTo, NATURAL, TEXT } from './expected-types.ts';
import { leaveState, stepsOf } from './leave-state.ts';
import type { FailState, PassState, SucceedState, WaitState } from './state-machine.ts';
import type { Step } from './step.ts';

/** Pass and Succeed do nothing but make their output; so does a Wait that has waited. */
export async function passThrough(
  draft: Draft,
  scopeId: string,
  state: PassState | SucceedState | WaitState,
): Promise<readonly Step[]> {
  const { input } = draft.scope(scopeId).activity;
  return stepsOf(scopeId, await leaveState(draft, scopeId, state, { otherwise: input }));
}

export async function performWait(draft: Draft, scopeId: string, state: WaitState): Promise<readonly Step[]> {
  const seconds = await secondsOf(draft, scopeId, state);
  if (!seconds.ok) return [{ kind: 'fail', scope: scopeId, failure: seconds.failure }];
  const id = draft.newId('wait');
  draft.await(scopeId, { kind: 'wait', id });
  draft.emit({ kind: 'wait', id, seconds: seconds.value, reason: 'wait', state: draft.scope(scopeId).activity.state });
  return [];
}

/** Absent parts of the failure were not declared. */
export async function performFail(draft: Draft, scopeId: string, state: FailState): Promise<readonly Step[]> {
  const error = await declaredText(draft, scopeId, ['Error', state.Error]);
  if (!error.ok) return [{ kind: 'fail', scope: scopeId, failure: error.failure }];
  const cause = await declaredText(draft, scopeId, ['Cause', state.Cause]);
  if (!cause.ok) return [{ kind: 'fail', scope: scopeId, failure: cause.failure }];
  return [{ kind: 'fail', scope: scopeId, failure: { ...error.value, ...cause.value } }];
}

async function declaredText(
  draft: Draft,
  scopeId: string,
  [field, template]: readonly ['Error' | 'Cause', string | undefined],
): Promise<Outcome<Failure>> {
  if (template === undefined) return { ok: true, value: {} };
  const text = await evaluateTo(draft, scopeId, [field, template], TEXT);
  if (!text.ok) return text;
  return { ok: true, value: field === 'Error' ? { error: text.value } : { cause: text.value } };
}

const MILLISECONDS = 1_000;

async function secondsOf(draft: Draft, scopeId: string, state: WaitState): Promise<Outcome<number>> {
  if (state.Seconds !== undefined) return evaluateTo(draft, scopeId, ['Seconds', state.Seconds], NATURAL);
  const text = await evaluateTo(draft, scopeId, ['Timestamp', state.Timestamp], TEXT);
  if (!text.ok) return text;
  const until = readTimestamp(text.value);
  if (until === null) {
    const problem = `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text.value}`;
    return draft.queryFailure(scopeId, problem);
  }
  return { ok: true, value: Math.max(0, (until - Date.parse(draft.event.timestamp)) / MILLISECONDS) };
}

const OFFSET_DATE_TIME = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since the epoch; null where the text names no moment. */
function readTimestamp(text: string): number | null {
  const day = OFFSET_DATE_TIME.exec(text)?.[1];
  if (day === undefined) return null;
  const midnight = Date.parse(day);
  const isDay = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
  return isDay ? Date.parse(text) : null;
}
