import { describe, expect, it } from 'vitest';
import { deploymentsOf } from './deployment.ts';
import { shippedPrices } from './hand-made.ts';
import { meterCall } from './meters.ts';

const RESOURCES = {
  Job: {
    Type: 'AWS::Glue::Job',
    Properties: { GlueVersion: '6.0', WorkerType: 'G.2X', NumberOfWorkers: 5, Timeout: 30 },
  },
  Bare: { Type: 'AWS::Glue::Job', Properties: { GlueVersion: '4.0', WorkerType: 'G.1X', NumberOfWorkers: 10 } },
  Work: { Type: 'AWS::Lambda::Function', Properties: { MemorySize: 1_024, Timeout: 10, Architectures: ['arm64'] } },
};
const ON_DEMAND = {
  ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 2, VolumeSizeInGB: 30 },
  StoppingCondition: { MaxRuntimeInSeconds: 3_600 },
};
const SPOT = {
  ...ON_DEMAND,
  EnableManagedSpotTraining: true,
  StoppingCondition: { MaxRuntimeInSeconds: 3_600, MaxWaitTimeInSeconds: 7_200 },
};
const training = (seconds: number): number => (2 * seconds * 0.23) / 3_600 + (2 * 30 * seconds * 0.14) / (730 * 3_600);

describe("the adversary's meters", () => {
  it.each([
    ['glue:startJobRun.sync', { JobName: '<Job>' }, 10 * 0.5 * 0.308],
    ['glue:startJobRun', { JobName: '<Bare>' }, 211.2],
    ['lambda:invoke', { FunctionName: '<Work.Arn>' }, 20 * 0.0000133334 + 0.0000002],
    ['lambda:invoke', { FunctionName: '<Work.Arn>', InvocationType: 'Event' }, 3 * (20 * 0.0000133334 + 0.0000002)],
    ['sagemaker:createTrainingJob.sync', ON_DEMAND, training(3_720)],
    ['sagemaker:createTrainingJob.sync', SPOT, training(7_320)],
    ['sns:publish', {}, 16 * 0.0000005],
    ['sqs:sendMessage', {}, 16 * 0.0000004],
  ])('%s %j', (action, parameters, dollars) => {
    const [deployment] = deploymentsOf({ Resources: RESOURCES });
    if (deployment === undefined) throw new Error('a template has a deployment');

    const call = meterCall(`arn:aws:states:::${action}`, parameters, deployment, shippedPrices());

    expect(call.kind === 'job' ? Number(call.most) / 1e12 : Number.NaN).toBeCloseTo(dollars, 10);
  });
});
