import type { Checked } from '../errors/diagnostic.ts';
import type { StateMachine } from './state-machine.ts';

/** Reads a state machine definition (parsed JSON); reports every problem and refuses by name what is not supported. */
export declare function readStateMachine(json: unknown): Checked<StateMachine>;
