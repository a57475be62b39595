/*
 * CONTEXT. Entry points of lib/asl for a driver, which owns clock, chance, disk and network:
 *
 *   const { value, diagnostics } = readStateMachine(json);            reader.ts
 *   const interpreter = createInterpreter(value, { hash });           this file
 *   let execution = newExecution({ id, name, roleArn, stateMachine, input });
 *   let step = await interpreter.transition(execution, { kind: 'started', timestamp, seed });
 *
 * Then, until `step.execution.status` is final: perform `step.effects` in order and report each outcome as an event,
 * one transition at a time (never two at once for one execution). `Execution`, events and effects are plain JSON.
 * A `.sync` task succeeds with the description of the finished job; what the driver reports as `error` is the name
 * that Retry and Catch compare.
 */
import { assertNever } from '../errors/fault.ts';
import { Draft, type Machine } from './draft.ts';
import { enterState } from './enter-state.ts';
import type { Execution, ExecutionEvent, Transition } from './execution.ts';
import type { Hash } from './hash.ts';
import { leaveState, stepsOf } from './leave-state.ts';
import { endScope } from './nested-scopes.ts';
import { performState } from './perform-state.ts';
import { createEvaluator } from './query.ts';
import { receiveEvent } from './receive-event.ts';
import { recover } from './recover.ts';
import type { StateMachine } from './state-machine.ts';
import type { Step } from './step.ts';

export interface InterpreterOptions {
  /** Digests for `$hash`, and what draws of chance are made from. */
  readonly hash: Hash;
}

export interface Interpreter {
  /** The next state of an execution and what is to be done: a function of its two arguments. */
  readonly transition: (execution: Execution, event: ExecutionEvent) => Promise<Transition>;
}

/** An interpreter of one state machine, as `readStateMachine` accepted it. */
export function createInterpreter(definition: StateMachine, { hash }: InterpreterOptions): Interpreter {
  const machine: Machine = { definition, evaluator: createEvaluator(), hash };
  return { transition: (execution, event) => transition(machine, execution, event) };
}

async function transition(machine: Machine, execution: Execution, event: ExecutionEvent): Promise<Transition> {
  const isExpected = execution.status === (event.kind === 'started' ? 'NEW' : 'RUNNING');
  if (!isExpected) return { execution, effects: [] };
  const draft = new Draft(machine, execution, event);
  let agenda = await receiveEvent(draft);
  while (agenda.length > 0) {
    const [step, ...later] = agenda;
    if (step !== undefined && step.scope in draft.execution.scopes)
      agenda = [...(await takeStep(draft, step)), ...later];
    else agenda = later;
  }
  return draft.finish();
}

async function takeStep(draft: Draft, step: Step): Promise<readonly Step[]> {
  switch (step.kind) {
    case 'enter':
      return enterState(draft, step.scope, step.state, step.input);
    case 'perform':
      return performState(draft, step.scope);
    case 'complete':
      return completeState(draft, step);
    case 'fail':
      return recover(draft, step.scope, step.failure);
    case 'end':
      return endScope(draft, step.scope, step.output);
    default:
      return assertNever(step);
  }
}

async function completeState(draft: Draft, step: Extract<Step, { kind: 'complete' }>): Promise<readonly Step[]> {
  const state = draft.stateOf(step.scope);
  if (state.Type === 'Map' || state.Type === 'Parallel') draft.record(step.scope, `${state.Type}StateSucceeded`);
  if (state.Type !== 'Task' && state.Type !== 'Map' && state.Type !== 'Parallel') return [];
  const exit = await leaveState(draft, step.scope, state, { result: step.result, otherwise: step.result });
  return stepsOf(step.scope, exit);
}
