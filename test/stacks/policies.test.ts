import { describe, expect, it } from 'vitest';
import { evaluate } from '../../lib/iam/evaluate.ts';
import { resourceOf, resourcesOf, synthesized } from '../support/synthesized-example.ts';

const STACKS = synthesized();

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

const listed = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

const STATEMENTS: readonly Statement[] = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']
  .flatMap((type) => Object.values(resourcesOf(STACKS, type)))
  .flatMap(({ Properties }) => Properties['PolicyDocument'].Statement);

const ALLOWED = STATEMENTS.filter(({ Effect }) => Effect === 'Allow');
const DENIED = STATEMENTS.filter(({ Effect }) => Effect === 'Deny');

const ALLOW_ALL = {
  name: 'everything',
  document: { Statement: { Effect: 'Allow', Action: ['*'], Resource: ['*'] } },
};

const JOB_ARN: Readonly<Record<string, string>> = {
  'sagemaker:CreateTrainingJob': 'arn:aws:sagemaker:us-east-1:000000000000:training-job/',
  'sagemaker:CreateProcessingJob': 'arn:aws:sagemaker:us-east-1:000000000000:processing-job/',
};

/** The statement with its pseudo parameters filled in. */
const resolved = (statement: Statement): Statement => ({
  ...statement,
  Resource: listed(statement.Resource).map((resource) =>
    String(
      Object(resource)
        ['Fn::Join'][1].map((part: unknown) => PSEUDO[String(Object(part)['Ref'])] ?? part)
        .join(''),
    ),
  ),
});

const PSEUDO: Readonly<Record<string, string>> = { 'AWS::Partition': 'aws', 'AWS::AccountId': '000000000000' };

describe('the roles of a pipeline', () => {
  it('allow no action by a pattern', () => {
    expect(ALLOWED.flatMap(({ Action }) => listed(Action)).filter((action) => action.includes('*'))).toEqual([]);
  });

  it('pass one role, to SageMaker only', () => {
    const passing = ALLOWED.filter(({ Action }) => listed(Action).includes('iam:PassRole'));

    expect(passing).toHaveLength(1);
    expect(JSON.stringify(passing[0]?.Resource)).not.toContain('*');
    expect(passing[0]?.Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } });
  });

  it('name * only for actions that know no resources', () => {
    const unbound = ALLOWED.filter(({ Resource }) => listed(Resource).includes('*'));

    expect([...new Set(unbound.flatMap(({ Action }) => listed(Action)))].toSorted()).toEqual([
      'cloudwatch:PutMetricData',
      'ecr:GetAuthorizationToken',
      'logs:CreateLogDelivery',
      'logs:CreateLogStream',
      'logs:DeleteLogDelivery',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutLogEvents',
      'logs:PutResourcePolicy',
      'logs:UpdateLogDelivery',
      'sagemaker:ListProcessingJobs',
      'sagemaker:ListTrainingJobs',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  it('delete nothing but checkpoints', () => {
    const deleting = ALLOWED.filter(({ Action }) => listed(Action).some((action) => /s3:Delete/.test(action)));

    expect(deleting).toHaveLength(1);
    expect(JSON.stringify(deleting[0]?.Resource)).toContain('/models/flight-delays/checkpoints/*');
  });

  it('let nobody redrive an execution: it would spend outside the bound', () => {
    expect(ALLOWED.flatMap(({ Action }) => listed(Action))).not.toContain('states:RedriveExecution');
  });

  it('deny new jobs when the budget is spent', () => {
    const [spent] = Object.values(resourcesOf(STACKS, 'AWS::IAM::ManagedPolicy'));

    expect(spent?.Properties['PolicyDocument'].Statement).toEqual([
      {
        Effect: 'Deny',
        Action: ['glue:StartJobRun', 'sagemaker:CreateProcessingJob', 'sagemaker:CreateTrainingJob'],
        Resource: '*',
      },
    ]);
  });

  it.each([
    ['sagemaker:CreateTrainingJob', 1_800],
    ['sagemaker:CreateProcessingJob', 1_800],
  ])('deny %s beyond the limits of the plan', (action, maxRuntimeSeconds) => {
    const document = { Statement: DENIED.filter(({ Action }) => Action === action).map(resolved) };
    const decide = (context: Readonly<Record<string, string>>) =>
      evaluate([ALLOW_ALL, { name: 'limits', document }], {
        action,
        resource: `${JOB_ARN[action]}flight-delays-2015-01-01T08-00-00Z-0-t0-0a1b2c3d`,
        context,
      }).effect;
    const within = {
      'sagemaker:MaxRuntimeInSeconds': String(maxRuntimeSeconds),
      'sagemaker:InstanceTypes': 'ml.m5.xlarge',
      'sagemaker:NetworkIsolation': 'true',
    };

    expect(decide(within)).toBe('Allow');
    expect(decide({ ...within, 'sagemaker:MaxRuntimeInSeconds': String(maxRuntimeSeconds + 1) })).toBe('Deny');
    expect(decide({ ...within, 'sagemaker:InstanceTypes': 'ml.p5.48xlarge' })).toBe('Deny');
    expect(decide({ ...within, 'sagemaker:NetworkIsolation': 'false' })).toBe('Deny');
  });
});

describe('the roles of the data jobs', () => {
  const DATA = 'arn:aws:s3:::flight-delays-data-000000000000-us-east-1/';
  const onObjects = (role: string): readonly Statement[] =>
    resourceOf(STACKS, 'AWS::IAM::Policy', role)
      .Properties['PolicyDocument'].Statement.filter(({ Action }: Statement) =>
        listed(Action).some((action) => action.startsWith('s3:')),
      )
      .map(resolved);
  const decide = (role: string, action: string, key: string) =>
    evaluate([{ name: role, document: { Statement: onObjects(role) } }], { action, resource: DATA + key, context: {} })
      .effect;

  it.each([
    ['JobsIngestCalls', 's3:GetObject', 'raw/flights/2001-01-01/flights.csv'],
    ['JobsIngestCalls', 's3:PutObject', 'curated/flights/data/x/part.parquet'],
    ['JobsIngestCalls', 's3:PutObject', 'quarantine/flights/x/part.parquet'],
    ['JobsIngestCalls', 's3:PutObject', 'ingest/flight-delays/x/a/quality.json'],
    ['JobsTrainingSetCalls', 's3:GetObject', 'curated/flights/data/x/part.parquet'],
    ['JobsTrainingSetCalls', 's3:PutObject', 'training-sets/flight-delays/x/manifest.json'],
    ['JobsTrainingSetCalls', 's3:PutObject', 'feature-rows/flight-delays/x/record.json'],
    ['JobsTrainingSetCalls', 's3:GetObject', 'feature-rows/flight-delays/x/part.parquet'],
  ])('let %s make %s on %s', (role, action, key) => {
    expect(decide(role, action, key)).toBe('Allow');
  });

  it.each([
    ['JobsIngestCalls', 's3:PutObject', 'raw/flights/2001-01-01/flights.csv'],
    ['JobsIngestCalls', 's3:GetObject', 'raw/other/2001-01-01/other.csv'],
    ['JobsIngestCalls', 's3:PutObject', 'curated/flights/manifests/x.json'],
    ['JobsIngestCalls', 's3:DeleteObject', 'curated/flights/data/x/part.parquet'],
    ['JobsIngestCalls', 's3:PutObject', 'training-sets/flight-delays/x/manifest.json'],
    ['JobsTrainingSetCalls', 's3:GetObject', 'feature-rows/other/x/part.parquet'],
    ['JobsTrainingSetCalls', 's3:GetObject', 'raw/flights/2001-01-01/flights.csv'],
    ['JobsTrainingSetCalls', 's3:PutObject', 'curated/flights/data/x/part.parquet'],
    ['JobsTrainingSetCalls', 's3:PutObject', 'registry/flight-delays/champion.json'],
  ])('deny %s to make %s on %s', (role, action, key) => {
    expect(decide(role, action, key)).toBe('Deny');
  });
});
