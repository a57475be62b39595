import type { StateMachine, States, TaskState } from '../../lib/asl/state-machine.ts';
import type { Diagnostic } from '../../lib/errors/diagnostic.ts';
import { isObject, textAt } from '../cloudformation/template.ts';
import { isKnownIntegration } from './integrations.ts';

/** Every Task of the machine with its name, those inside Maps and Parallels too, in the order of the definition. */
export function listTasks({ States: states }: States): readonly (readonly [string, TaskState])[] {
  return Object.entries(states).flatMap(([name, state]) => {
    switch (state.Type) {
      case 'Task':
        return [[name, state] as const];
      case 'Map':
        return listTasks(state.ItemProcessor);
      case 'Parallel':
        return state.Branches.flatMap(listTasks);
      default:
        return [];
    }
  });
}

/** Tasks that cannot be performed here, by name. */
export function refuseUnknownTasks(machine: StateMachine): readonly Diagnostic[] {
  return listTasks(machine)
    .filter(([, task]) => !isKnownIntegration(task.Resource))
    .map(([name, task]) => ({
      code: 'unsupported-task',
      severity: 'error',
      at: `States.${name}.Resource`,
      message: `${task.Resource} cannot be performed on the laptop`,
      fix: 'call Lambda functions, Glue jobs, SageMaker training or processing jobs, or read an S3 object',
    }));
}

/** ARNs of the functions that the machine invokes, in the order of the definition. */
export function listFunctions(machine: StateMachine): readonly string[] {
  const names = listTasks(machine).flatMap(([, task]) => {
    const name = isObject(task.Arguments) ? textAt(task.Arguments, 'FunctionName') : undefined;
    return name === undefined ? [] : [name];
  });
  return [...new Set(names)];
}
