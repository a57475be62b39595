import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type PriceBook, readPriceBook } from '../../lib/cost/price-book.ts';
import type { StackTemplate } from '../../lib/cost/templates/template-set.ts';
import { must } from '../../lib/errors/fault.ts';

/** The shipped price book. */
export function shippedPriceBook(): PriceBook {
  const file = resolve(import.meta.dirname, '../../data/prices/us-east-1.json');
  return must(readPriceBook(JSON.parse(readFileSync(file, 'utf8')), 'prices').value, 'a valid price book');
}

export const GLUE_JOB = {
  Type: 'AWS::Glue::Job',
  Properties: {
    Name: 'ingest',
    GlueVersion: '6.0',
    WorkerType: 'G.1X',
    NumberOfWorkers: 5,
    Timeout: 30,
    MaxRetries: 0,
    Command: { Name: 'glueetl' },
  },
};

export const FUNCTION = {
  Type: 'AWS::Lambda::Function',
  Properties: { MemorySize: 512, Timeout: 60, Architectures: ['arm64'] },
};

export const GLUE_TASK = {
  Type: 'Task',
  Resource: 'arn:aws:states:::glue:startJobRun.sync',
  Arguments: { JobName: 'ingest' },
  End: true,
};

export const lambdaTask = (next: object): object => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: '@@FUNCTION@@' },
  ...next,
});

/** One stack with a state machine over `states`, a function `Work` and a Glue job `Ingest`. */
export function templateOf(states: object, resources: object = {}): readonly StackTemplate[] {
  const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'First', States: states });
  const parts = definition
    .split('@@FUNCTION@@')
    .flatMap((part, index) => (index === 0 ? [part] : [{ 'Fn::GetAtt': ['Work', 'Arn'] }, part]));
  return [
    {
      stack: 'app',
      template: {
        Resources: {
          Machine: {
            Type: 'AWS::StepFunctions::StateMachine',
            Properties: { DefinitionString: { 'Fn::Join': ['', parts] } },
          },
          Work: FUNCTION,
          Ingest: GLUE_JOB,
          ...resources,
        },
      },
    },
  ];
}
