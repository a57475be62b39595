import { createHash } from 'node:crypto';
import { newExecution } from '../lib/asl/execution.ts';
import { createInterpreter } from '../lib/asl/interpreter.ts';
import { readStateMachine } from '../lib/asl/reader.ts';
import type { State } from '../lib/asl/state-machine.ts';
import { must } from '../lib/errors/fault.ts';
import type { Figure } from './figure.ts';

const STATES = 1_000;

/** What the interpreter costs a state: a chain of Pass states, each with an expression over a variable. */
export async function benchInterpreter(): Promise<readonly Figure[]> {
  const states: Record<string, State> = {};
  for (let index = 0; index < STATES; index += 1) {
    const next = index === STATES - 1 ? { End: true as const } : { Next: `State ${index + 1}` };
    states[`State ${index}`] = {
      Type: 'Pass',
      Assign: { count: '{% $states.input.count + 1 %}' },
      Output: { count: '{% $states.input.count + 1 %}' },
      ...next,
    };
  }
  const machine = must(
    readStateMachine({ QueryLanguage: 'JSONata', StartAt: 'State 0', States: states }).value,
    'a state machine',
  );
  const interpreter = createInterpreter(machine, {
    hash: (text, algorithm) => createHash(algorithm).update(text).digest('hex'),
  });
  const identity = {
    id: 'arn',
    name: 'bench',
    roleArn: 'arn',
    stateMachine: { id: 'arn', name: 'bench' },
    input: { count: 0 },
  };
  const started = performance.now();
  const { execution } = await interpreter.transition(newExecution(identity), {
    kind: 'started',
    timestamp: '2001-01-01T00:00:00.000Z',
    seed: 'bench',
  });
  const milliseconds = performance.now() - started;
  if (execution.status !== 'SUCCEEDED') throw new Error(`the chain ended as ${execution.status}`);
  return [{ name: 'interpreter, a state of two expressions', value: `${(milliseconds / STATES).toFixed(2)} ms` }];
}
