import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requestsOf } from '../../../lib/iam/api-call.ts';
import { derivePolicy } from '../../../lib/iam/derive-policy.ts';
import { evaluate } from '../../../lib/iam/evaluate.ts';
import { HANDLER_NAMES, HANDLERS, type HandlerResources } from '../../../lib/runs/handlers.ts';

const LAMBDAS = resolve(import.meta.dirname, '../../../lambdas');
const RESOURCES: HandlerResources<string> = {
  pipeline: 'flight-delays',
  sources: ['flights'],
  bucket: 'arn:aws:s3:::data',
  objects: (pattern) => `arn:aws:s3:::data/${pattern}`,
  key: 'arn:aws:kms:us-east-1:1:key/k',
  programBucket: 'arn:aws:s3:::assets',
  runProgram: 'arn:aws:s3:::assets/run.json',
  priceBook: 'arn:aws:s3:::assets/prices.json',
  glueJobs: ['arn:aws:glue:us-east-1:1:job/a', 'arn:aws:glue:us-east-1:1:job/b'],
  trainingJobs: 'arn:aws:sagemaker:us-east-1:1:training-job/flight-delays-*',
  processingJobs: 'arn:aws:sagemaker:us-east-1:1:processing-job/flight-delays-*',
  catalog: 'arn:aws:glue:us-east-1:1:catalog',
  database: 'arn:aws:glue:us-east-1:1:database/lake',
  tables: ['arn:aws:glue:us-east-1:1:table/lake/flights'],
  modelPackageGroup: 'arn:aws:sagemaker:us-east-1:1:model-package-group/flight-delays',
  modelPackages: 'arn:aws:sagemaker:us-east-1:1:model-package/flight-delays/*',
  stateMachine: 'arn:aws:states:us-east-1:1:stateMachine:flight-delays',
  executions: 'arn:aws:states:us-east-1:1:execution:flight-delays:*',
};

describe('the table of handlers', () => {
  it('has exactly the functions that there are', () => {
    const folders = readdirSync(LAMBDAS, { withFileTypes: true }).filter((entry) => entry.isDirectory());

    expect(folders.map(({ name }) => name).toSorted()).toEqual(HANDLER_NAMES.toSorted());
  });

  it.each(HANDLER_NAMES)('%s may do what it declares, and touches no key outside of its prefixes', (name) => {
    const calls = HANDLERS[name].calls(RESOURCES);
    const policies = [{ name, document: derivePolicy(calls) }];
    const decide = (action: string, resource: string) => evaluate(policies, { action, resource, context: {} }).effect;

    for (const request of calls.flatMap((call) => requestsOf(call))) {
      expect(evaluate(policies, request).effect).toBe('Allow');
    }
    expect(decide('s3:PutObject', 'arn:aws:s3:::data/raw/flights/2001-01-01/a.csv')).toBe('Deny');
    expect(decide('s3:DeleteObject', 'arn:aws:s3:::data/registry/flight-delays/champion.json')).toBe('Deny');
    expect(decide('s3:PutObject', 'arn:aws:s3:::data/registry/flight-delays/champion.json')).toBe(
      name === 'register-model' ? 'Allow' : 'Deny',
    );
    expect(decide('s3:PutObject', 'arn:aws:s3:::data/ledger/flight-delays/2026-11.json')).toBe(
      name === 'admit-run' || name === 'settle-run' ? 'Allow' : 'Deny',
    );
  });

  it.each(HANDLER_NAMES)('%s reads its environment through the table alone', (name) => {
    const source = readFileSync(resolve(LAMBDAS, name, 'handler.ts'), 'utf8');

    expect(source).toContain(`environmentOf('${name}')`);
    expect(source).not.toContain('process.env');
  });
});
