import { exceedsDataLimit } from './data-limit.ts';
import type { Draft, Outcome, TemplateView } from './draft.ts';
import { STATES_ERROR } from './failure.ts';
import type { JsonValue } from './json.ts';
import type { Assignments, State, Template } from './state-machine.ts';
import type { Step } from './step.ts';

/** How a state, choice rule or catcher turns what happened into output and variables, and where it leads. */
export interface Exit {
  readonly Output?: Template;
  readonly Assign?: Assignments;
  readonly Next?: string;
}

/** What the exit is made of; `otherwise` is the output where the exit has no template. */
export interface ExitOptions extends TemplateView {
  readonly otherwise: JsonValue;
  /** Path of the exit's fields in messages: empty, `Catch[0]/`, `Choices[1]/`. */
  readonly at?: string;
}

/** Output and variables of an exit, both evaluated before either takes effect. */
export async function leaveState(
  draft: Draft,
  scopeId: string,
  exit: Exit,
  options: ExitOptions,
): Promise<Outcome<Step>> {
  const { otherwise, at = '' } = options;
  const output: Outcome =
    exit.Output === undefined
      ? { ok: true, value: otherwise }
      : await draft.evaluate(scopeId, `${at}Output`, exit.Output, options);
  if (!output.ok) return output;
  const assigned = await assignments(draft, scopeId, exit.Assign ?? {}, options);
  if (!assigned.ok) return assigned;
  const tooLarge = [output.value, ...Object.values(assigned.value)].some(exceedsDataLimit);
  if (tooLarge) return { ok: false, failure: dataLimitFailure(draft, scopeId) };
  return {
    ok: true,
    value: exitTo(draft, scopeId, { output: output.value, assigned: assigned.value, next: exit.Next }),
  };
}

async function assignments(
  draft: Draft,
  scopeId: string,
  templates: Assignments,
  options: ExitOptions,
): Promise<Outcome<Readonly<Record<string, JsonValue>>>> {
  const assigned: Record<string, JsonValue> = {};
  for (const [name, template] of Object.entries(templates)) {
    const evaluated = await draft.evaluate(scopeId, `${options.at ?? ''}Assign/${name}`, template, options);
    if (!evaluated.ok) return evaluated;
    assigned[name] = evaluated.value;
  }
  return { ok: true, value: assigned };
}

interface Departure {
  readonly output: JsonValue;
  readonly assigned: Readonly<Record<string, JsonValue>>;
  readonly next: string | undefined;
}

function exitTo(draft: Draft, scopeId: string, { output, assigned, next }: Departure): Step {
  const scope = draft.scope(scopeId);
  draft.putScope(scopeId, { ...scope, variables: { ...scope.variables, ...assigned } });
  const details = Object.keys(assigned).length === 0 ? { output } : { output, assigned };
  const type = exitedType(draft.stateOf(scopeId));
  if (type !== null) draft.record(scopeId, `${type}StateExited`, details, scope.activity.state);
  return next === undefined
    ? { kind: 'end', scope: scopeId, output }
    : { kind: 'enter', scope: scopeId, state: next, input: output };
}

const exitedType = ({ Type }: State) => (Type === 'Fail' ? null : Type);

/** Too much data passed between states: no wildcard retries or catches it. */
export function dataLimitFailure(draft: Draft, scopeId: string) {
  const { state } = draft.scope(scopeId).activity;
  const cause = `The state/task '${state}' returned a result with a size exceeding the maximum number of bytes service limit.`;
  return { error: STATES_ERROR.dataLimitExceeded, cause };
}

/** The steps after an outcome: its step, or the failure of the scope's state. */
export const stepsOf = (scopeId: string, outcome: Outcome<Step>): readonly Step[] =>
  outcome.ok ? [outcome.value] : [{ kind: 'fail', scope: scopeId, failure: outcome.failure }];
