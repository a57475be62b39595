import { readFileSync } from 'node:fs';
import type { CostContext } from '../../../../lib/cost/cost-context.ts';
import { readPriceBook } from '../../../../lib/cost/price-book.ts';
import { readTemplates } from '../../../../lib/cost/templates/read-templates.ts';
import { must } from '../../../../lib/errors/fault.ts';

const path = 'data/prices/us-east-1.json';
const book = must(readPriceBook(JSON.parse(readFileSync(path, 'utf8')), path).value, 'a price book');

export type Resources = Readonly<Record<string, object>>;

/** What an analysis of one stack `app` with these resources rests on. */
export function contextOf(resources: Resources, parameters: object = {}): CostContext {
  const template = { Parameters: parameters, Resources: resources };
  const read = readTemplates([{ stack: 'app', template }], { region: 'us-east-1', parameters: {} });
  if (read.diagnostics.length > 0) throw new Error(JSON.stringify(read.diagnostics));
  return { templates: must(read.value, 'templates'), book, accepted: new Set() };
}

export const MACHINE = {
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: {
    StateMachineName: 'nightly',
    DefinitionString: '{"StartAt":"End","States":{"End":{"Type":"Succeed"}}}',
    RoleArn: 'arn:aws:iam::111122223333:role/machine',
  },
};

/** A function that costs the same with every book: 1 GB for at most 5 + 10 s. */
export const functionWith = (properties: object = {}, metadata: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: { MemorySize: 1024, Timeout: 5, Role: 'arn:aws:iam::111122223333:role/function', ...properties },
  Metadata: metadata,
});

export const scheduleWith = (target: object, properties: object = {}) => ({
  Type: 'AWS::Scheduler::Schedule',
  Properties: {
    ScheduleExpression: 'cron(0 4 * * ? *)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { RoleArn: 'arn:aws:iam::111122223333:role/schedule', ...target },
    ...properties,
  },
});

export const roleOf = (service: string, statements: readonly object[] = []) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Principal: { Service: `${service}.amazonaws.com` }, Action: 'sts:AssumeRole' }],
    },
    Policies: [{ PolicyName: 'own', PolicyDocument: { Statement: statements } }],
  },
});
