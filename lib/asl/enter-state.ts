import type { Draft } from './draft.ts';
import type { Activity, HistoryEventType, Scope } from './execution.ts';
import type { JsonValue } from './json.ts';
import type { State } from './state-machine.ts';
import type { Step } from './step.ts';

/** An activity that has not begun; ids and times are set on entry. */
export const activityIn = (state: string, input: JsonValue): Activity => ({
  state,
  input,
  enteredTime: '',
  enteredHistoryId: 0,
  retryCount: 0,
  retriesByRetrier: [],
  awaiting: { kind: 'entry' },
});

/** The scope of the execution itself. */
export const rootScope = (state: string, input: JsonValue): Scope => ({
  parent: null,
  index: 0,
  variables: {},
  historyId: 0,
  activity: activityIn(state, input),
});

export function enterState(draft: Draft, scopeId: string, state: string, input: JsonValue): readonly Step[] {
  const activity = { ...activityIn(state, input), enteredTime: draft.event.timestamp };
  draft.putScope(scopeId, { ...draft.scope(scopeId), activity });
  const enteredHistoryId = draft.record(scopeId, enteredEvent(draft.stateOf(scopeId)), { input }, state);
  draft.updateActivity(scopeId, { enteredHistoryId });
  return [{ kind: 'perform', scope: scopeId }];
}

const enteredEvent = (state: State): HistoryEventType => `${state.Type}StateEntered`;
