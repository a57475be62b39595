import { describe, expect, it } from 'vitest';
import { resourcesOf, synthesized } from '../support/synthesized-example.ts';

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
    expect(STATEMENTS.filter(({ Effect }) => Effect === 'Deny')).toEqual([
      {
        Effect: 'Deny',
        Action: ['glue:StartJobRun', 'sagemaker:CreateTrainingJob', 'sagemaker:CreateProcessingJob'],
        Resource: '*',
      },
    ]);
  });
});
