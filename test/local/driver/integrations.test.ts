import { describe, expect, test } from 'vitest';
import type { TaskEffect } from '../../../lib/asl/execution.ts';
import { performTask, type TaskServices } from '../../../local/driver/integrations.ts';
import { LambdaFunctions } from '../../../local/functions/lambda-functions.ts';
import { GlueRuns } from '../../../local/jobs/glue-runs.ts';
import { processingKind } from '../../../local/jobs/sagemaker/processing-kind.ts';
import { SageMakerJobs } from '../../../local/jobs/sagemaker/sagemaker-jobs.ts';
import { trainingKind } from '../../../local/jobs/sagemaker/training-kind.ts';
import { allow, roleOf } from '../../support/local-endpoint.ts';
import { jobBench } from '../../support/local-jobs.ts';

const deny = (action: string, condition: object) => ({
  Effect: 'Deny',
  Action: action,
  Resource: '*',
  Condition: condition,
});

const limits = (action: string) => [
  deny(action, { NumericGreaterThan: { 'sagemaker:MaxRuntimeInSeconds': '600' } }),
  deny(action, { 'ForAnyValue:StringNotEquals': { 'sagemaker:InstanceTypes': ['ml.m5.xlarge'] } }),
  deny(action, { Bool: { 'sagemaker:NetworkIsolation': 'false' } }),
];

const MACHINE_ROLE = roleOf(
  'machine',
  allow('*', '*'),
  ...limits('sagemaker:CreateTrainingJob'),
  ...limits('sagemaker:CreateProcessingJob'),
);

async function machineServices(): Promise<TaskServices> {
  const { shell } = await jobBench({ roles: [MACHINE_ROLE] });
  const host = {
    region: 'us-east-1',
    callsAs: () => ({}),
    compileCache: shell.state.root,
    logFile: () => '/dev/null',
  };
  return {
    region: shell.region,
    account: shell.account,
    roleArn: MACHINE_ROLE.arn,
    access: shell.access,
    objects: shell.objects,
    functions: new LambdaFunctions(host, []),
    glue: new GlueRuns(shell, []),
    training: new SageMakerJobs(shell, trainingKind),
    processing: new SageMakerJobs(shell, processingKind),
  };
}

interface Limited {
  readonly seconds: number;
  readonly instance: string;
  readonly isolated?: boolean;
}

/** Without its container's settings, so that a job that may be created still fails at once. */
const trainingArguments = ({ seconds, instance, isolated }: Limited) => ({
  TrainingJobName: 'p-t0',
  StoppingCondition: { MaxRuntimeInSeconds: seconds },
  ResourceConfig: { InstanceType: instance },
  ...(isolated === undefined ? {} : { EnableNetworkIsolation: isolated }),
});

const processingArguments = ({ seconds, instance, isolated }: Limited) => ({
  ProcessingJobName: 'p-eval',
  StoppingCondition: { MaxRuntimeInSeconds: seconds },
  ProcessingResources: { ClusterConfig: { InstanceType: instance } },
  NetworkConfig: isolated === undefined ? {} : { EnableNetworkIsolation: isolated },
});

async function perform(resource: string, parameters: object) {
  const task: TaskEffect = {
    kind: 'task',
    id: '1',
    state: 'Train trial',
    path: [],
    resource: `arn:aws:states:::${resource}`,
    arguments: JSON.parse(JSON.stringify(parameters)),
    retryCount: 0,
  };
  return performTask(await machineServices(), task).outcome;
}

const EXPLICIT_DENY = { kind: 'failed', cause: expect.stringContaining('explicit deny') };

describe.each([
  ['sagemaker:createTrainingJob.sync', trainingArguments],
  ['sagemaker:createProcessingJob.sync', processingArguments],
] as const)('%s', (resource, argumentsOf) => {
  test.each([
    ['runs longer', { seconds: 601, instance: 'ml.m5.xlarge', isolated: true }],
    ['runs on another instance', { seconds: 600, instance: 'ml.p5.48xlarge', isolated: true }],
    ['has a network', { seconds: 600, instance: 'ml.m5.xlarge', isolated: false }],
    ['says nothing of the network', { seconds: 600, instance: 'ml.m5.xlarge' }],
  ])('that %s than its role allows is denied here as on AWS', async (_, limited) => {
    expect(await perform(resource, argumentsOf(limited))).toMatchObject(EXPLICIT_DENY);
  });

  test('within the limits is not denied', async () => {
    const outcome = await perform(resource, argumentsOf({ seconds: 600, instance: 'ml.m5.xlarge', isolated: true }));

    expect(outcome).not.toMatchObject(EXPLICIT_DENY);
  });
});
