import type { State, StateMachine, States } from '../asl/state-machine.ts';
import { UserError } from '../errors/user-error.ts';
import type { ApiCall, ResourceKind } from '../iam/api-call.ts';
import { callsOfTask } from '../iam/task-calls.ts';

/** What the tasks of a state machine touch, by kind. */
export type TaskResources = Readonly<Partial<Record<ResourceKind, readonly string[]>>>;

/** Resource fields of every Task, those of Map iterations included, each once, in order of appearance. */
function taskResources({ States: states }: States): readonly string[] {
  const found = Object.values(states).flatMap((state: State) => {
    if (state.Type === 'Task') return [state.Resource];
    return state.Type === 'Map' ? taskResources(state.ItemProcessor) : [];
  });
  return [...new Set(found)];
}

/**
 * Every API call that Step Functions makes for the tasks of a state machine.
 * @throws UserError invalid-input: an integration that the call table does not know
 */
export function stateMachineCalls(
  machine: StateMachine,
  resourcesOf: (resource: string) => TaskResources,
): readonly ApiCall[] {
  const read = taskResources(machine).map((resource) => callsOfTask({ resource, resources: resourcesOf(resource) }));
  const diagnostics = read.flatMap((checked) => checked.diagnostics);
  if (diagnostics.length > 0) throw UserError.fromDiagnostics('the state machine', diagnostics);
  return read.flatMap(({ value = [] }) => value);
}
