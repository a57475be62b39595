import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Battleground, type CreateErrors } from './battleground.ts';
import { deploymentsOf } from './deployment.ts';
import { MAIN } from './generate-case.ts';
import { type Prices, readPrices } from './prices.ts';

export const TRANSITION = 25_000_000n;
/** 512 MB for 60 s and a cold start of 10 s on x86 at $0.0000166667 a GB-second, and a request. */
export const INVOCATION = 35n * 16_666_700n + 200_000n;

/** The shipped price book as parsed JSON. */
export const shippedBook = (): unknown =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, '../../data/prices/us-east-1.json'), 'utf8'));

export const shippedPrices = (): Prices => readPrices(shippedBook() as Parameters<typeof readPrices>[0]);

/** A template with a machine over the states, started at `First`, and a function `Work`. */
export function templateOver(states: object, more: object = {}, resources: object = {}): object {
  const definition = { QueryLanguage: 'JSONata', StartAt: 'First', ...more, States: states };
  return {
    Resources: {
      [MAIN]: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: { RoleArn: 'arn:aws:iam::123456789012:role/machine', Definition: definition },
      },
      Work: {
        Type: 'AWS::Lambda::Function',
        Properties: { FunctionName: 'work', MemorySize: 512, Timeout: 60 },
      },
      ...resources,
    },
  };
}

/** A task that invokes `Work`. */
export const work = (rest: object): object => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'work' },
  ...rest,
});

export function battlegroundOf(template: object, createErrors: CreateErrors = 'cost a try'): Battleground {
  const [deployment] = deploymentsOf(template);
  if (deployment === undefined) throw new Error('a template has a deployment');
  return new Battleground(deployment, shippedPrices(), createErrors);
}
