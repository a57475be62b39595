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
import type { Execution, ExecutionEvent, Transition } from './execution.ts';
import type { StateMachine } from './state-machine.ts';

export const HASH_ALGORITHMS = ['MD5', 'SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'] as const;
export type HashAlgorithm = (typeof HASH_ALGORITHMS)[number];

export interface InterpreterOptions {
  /** Lowercase hexadecimal digest of the text's UTF-8 bytes. */
  readonly hash: (text: string, algorithm: HashAlgorithm) => string;
}

export interface Interpreter {
  /** The next state of an execution and what is to be done: a function of its two arguments. */
  readonly transition: (execution: Execution, event: ExecutionEvent) => Promise<Transition>;
}

export declare function createInterpreter(machine: StateMachine, options: InterpreterOptions): Interpreter;
