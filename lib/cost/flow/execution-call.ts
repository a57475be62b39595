import type { Diagnostic } from '../../errors/diagnostic.ts';
import { type CostDiagnosticCode, costDiagnostic } from '../cost-diagnostic.ts';
import type { JsonObject } from '../json-object.ts';
import type { TaskCall } from '../meters/task-call.ts';
import { readTaskResource } from '../meters/task-resource.ts';
import { markedAddress } from '../templates/template-set.ts';
import { type Bounded, dearestBounded, refused } from '../tree/bounded.ts';
import { isUnresolved, reasonOf, type Unresolved } from '../unresolved.ts';
import type { TaskState } from '../workflow/workflow.ts';
import type { Flow } from './flow.ts';

const STARTS = ['states:startExecution', 'sfn:startExecution', 'sfn:startSyncExecution'];

/** What one try of a task that starts executions costs; undefined for tasks that make any other call. */
export function boundExecutionCall(call: TaskCall, state: TaskState, flow: Flow): Bounded | undefined {
  const resource = readTaskResource(call.resource);
  const key = resource.kind === 'call' ? `${resource.service}:${resource.name}` : '';
  if (key === 'sfn:redriveExecution') return refused(call.name, call.at, [redrive(call)]);
  if (!STARTS.includes(key)) return undefined;
  const [first, ...others] = call.arguments.map((variant) => boundStart(variant, call, state, flow));
  return first === undefined
    ? refused(call.name, call.at, [unknownMachine(undefined, call.at)])
    : dearestBounded(first, ...others);
}

function boundStart(variant: JsonObject | Unresolved, { name, at }: TaskCall, state: TaskState, flow: Flow): Bounded {
  const here = `${at}.${state.language === 'JSONata' ? 'Arguments' : 'Parameters'}.StateMachineArn`;
  const machine = isUnresolved(variant) ? variant : variant['StateMachineArn'];
  if (isUnresolved(machine)) return refused(name, at, [undecidedMachine(machine, here)]);
  const address = typeof machine === 'string' ? markedAddress(machine) : undefined;
  const bound = address === undefined ? undefined : flow.boundExecution(address, here);
  return bound ?? refused(name, at, [unknownMachine(machine, here)]);
}

const UNDECIDED = {
  deployment: 'deploy-time-limit',
  run: 'run-time-limit',
  input: 'malformed-definition',
} as const satisfies Record<Unresolved['decidedBy'], CostDiagnosticCode>;

const NAME_A_MACHINE = 'refer to a state machine of the templates, with Ref or Fn::GetAtt';

const undecidedMachine = (machine: Unresolved, at: string): Diagnostic =>
  costDiagnostic(UNDECIDED[machine.decidedBy], { at, message: `is ${reasonOf(machine)}`, fix: NAME_A_MACHINE });

const unknownMachine = (machine: unknown, at: string): Diagnostic =>
  costDiagnostic('unmetered-call', {
    at,
    message: machine === undefined ? 'is not set' : `is ${JSON.stringify(machine)}, no state machine of the templates`,
    fix: NAME_A_MACHINE,
  });

const redrive = ({ at }: TaskCall): Diagnostic =>
  costDiagnostic('redrive-allowed', {
    at: `${at}.Resource`,
    message: 'redrives an execution: each redrive spends again what the execution may spend',
    fix: 'start a new execution instead',
  });
