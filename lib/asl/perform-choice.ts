import type { Draft } from './draft.ts';
import { BOOLEAN, evaluateTo } from './expected-types.ts';
import { STATES_ERROR } from './failure.ts';
import { leaveState, stepsOf } from './leave-state.ts';
import type { ChoiceState } from './state-machine.ts';
import type { Step } from './step.ts';

/** Takes the first rule whose condition holds; the state's own Output and Assign belong to the default. */
export async function performChoice(draft: Draft, scopeId: string, state: ChoiceState): Promise<readonly Step[]> {
  const { input } = draft.scope(scopeId).activity;
  for (const [place, rule] of state.Choices.entries()) {
    const at = `Choices[${place}]/`;
    const holds = await evaluateTo(draft, scopeId, [`${at}Condition`, rule.Condition], BOOLEAN);
    if (!holds.ok) return [{ kind: 'fail', scope: scopeId, failure: holds.failure }];
    if (holds.value) return stepsOf(scopeId, await leaveState(draft, scopeId, rule, { otherwise: input, at }));
  }
  if (state.Default === undefined) {
    const failure = draft.failure(
      scopeId,
      STATES_ERROR.noChoiceMatched,
      'No choice rule matched and there is no default.',
    );
    return [{ kind: 'fail', scope: scopeId, failure }];
  }
  const exit = { ...state, Next: state.Default };
  return stepsOf(scopeId, await leaveState(draft, scopeId, exit, { otherwise: input }));
}
