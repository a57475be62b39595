import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../lib/cost/json-object.ts';
import { unresolved } from '../../../../lib/cost/unresolved.ts';
import { bookWithout, boundOf, type CallParts, leavesOf, problemsOf, usdOf } from '../../../support/metered-call.ts';

const AT = 'app/Machine.States.Work.Arguments';
const DURING_RUN = unresolved('run', 'decided by the input');
const CLUSTER = { InstanceType: 'ml.m5.xlarge', InstanceCount: 2, VolumeSizeInGB: 30 };
const ON_DEMAND = { ResourceConfig: CLUSTER, StoppingCondition: { MaxRuntimeInSeconds: 1_800 } };
const SPOT = {
  ...ON_DEMAND,
  StoppingCondition: { MaxRuntimeInSeconds: 1_800, MaxWaitTimeInSeconds: 7_200 },
  EnableManagedSpotTraining: true,
  CheckpointConfig: { S3Uri: DURING_RUN },
};

/** Instances by the hour and volumes by the month of 730 hours, by hand. */
const job = (seconds: number, count = 2, pricePerHour = 0.23, gigabytes = 30): number =>
  (seconds * count * pricePerHour) / 3_600 + (gigabytes * count * seconds * 0.14) / 730 / 3_600;

const training = (change: JsonObject = {}, parts: Partial<CallParts> = {}): CallParts => ({
  call: 'sagemaker:createTrainingJob.sync',
  arguments: { TrainingJobName: DURING_RUN, ...ON_DEMAND, ...change },
  ...parts,
});

describe('a training job', () => {
  it.each([
    ['until its limit and the stop', {}, job(1_920)],
    ['while it may wait, on spot', SPOT, job(7_320)],
    ['as an SDK call with retries of its own', { RetryStrategy: { MaximumRetryAttempts: 30 } }, job(1_920)],
    ['without a warm pool', { ResourceConfig: { ...CLUSTER, KeepAlivePeriodInSeconds: 0 } }, job(1_920)],
    [
      'with the sum of its groups',
      {
        ResourceConfig: {
          VolumeSizeInGB: 30,
          InstanceGroups: [
            { InstanceGroupName: 'a', InstanceType: 'ml.m5.xlarge', InstanceCount: 1 },
            { InstanceGroupName: 'b', InstanceType: 'ml.c5.xlarge', InstanceCount: 3 },
          ],
        },
      },
      job(1_920, 1) + job(1_920, 3, 0.204),
    ],
    [
      'with the dearest of its preferences',
      {
        ResourceConfig: {
          VolumeSizeInGB: 30,
          InstancePreferences: [
            { InstanceType: 'ml.m5.4xlarge', InstanceCount: 1 },
            { InstanceType: 'ml.m5.xlarge', InstanceCount: 5 },
          ],
        },
      },
      job(1_920, 5),
    ],
    [
      'with one count for all preferences',
      {
        ResourceConfig: {
          VolumeSizeInGB: 30,
          InstanceCount: 3,
          InstancePreferences: [{ InstanceType: 'ml.m5.xlarge' }, { InstanceType: 'ml.c5.xlarge' }],
        },
      },
      job(1_920, 3),
    ],
    [
      'the dearest where it names instances in several ways',
      {
        ResourceConfig: {
          VolumeSizeInGB: 30,
          InstanceCount: 5,
          InstanceType: 'ml.m5.xlarge',
          InstanceGroups: [{ InstanceGroupName: 'a', InstanceType: 'ml.c5.xlarge', InstanceCount: 2 }],
          InstancePreferences: [{ InstanceType: 'ml.m5.xlarge', InstanceCount: 3 }],
        },
      },
      job(1_920, 5),
    ],
    [
      'without a volume where the type brings its own',
      { ResourceConfig: { InstanceType: 'ml.g5.xlarge', InstanceCount: 1 } },
      job(1_920, 1, 1.41, 0),
    ],
  ])('costs its instances and volumes %s', (_, change, expected) => {
    expect(usdOf(training(change))).toBeCloseTo(expected, 9);
  });

  it('names the property behind every factor of both leaves', () => {
    const [instances, volume] = leavesOf(boundOf(training()).node);

    expect(instances?.item).toBe('sagemaker.instance.ml.m5.xlarge');
    expect(instances?.itemAt).toBe(`${AT}.ResourceConfig.InstanceType`);
    expect(instances?.divisor).toBe(3_600n);
    expect(instances?.factors.map(({ at, quantity }) => [at, quantity])).toEqual([
      [`${AT}.ResourceConfig.InstanceCount`, 2n],
      [`${AT}.StoppingCondition.MaxRuntimeInSeconds`, 1_920n],
    ]);
    expect(volume?.item).toBe('sagemaker.ml_storage_volume');
    expect(volume?.divisor).toBe(2_628_000n);
    expect(volume?.factors.map(({ at, quantity }) => [at, quantity])).toEqual([
      [`${AT}.ResourceConfig.VolumeSizeInGB`, 30n],
      [`${AT}.ResourceConfig.InstanceCount`, 2n],
      [`${AT}.StoppingCondition.MaxRuntimeInSeconds`, 1_920n],
    ]);
  });

  it('takes the dearest of what it can be called with', () => {
    const small = { ...ON_DEMAND, ResourceConfig: { ...CLUSTER, InstanceCount: 1 } };
    expect(usdOf({ call: 'sagemaker:createTrainingJob', arguments: [small, ON_DEMAND, small] })).toBeCloseTo(
      job(1_920),
      9,
    );
  });

  it.each([
    [
      'a type that a run decides',
      { ResourceConfig: { ...CLUSTER, InstanceType: DURING_RUN } },
      ['run-time-limit ResourceConfig.InstanceType'],
    ],
    [
      'no type',
      { ResourceConfig: { ...CLUSTER, InstanceType: undefined } },
      ['missing-limit ResourceConfig.InstanceType'],
    ],
    [
      'a count that a run decides',
      { ResourceConfig: { ...CLUSTER, InstanceCount: DURING_RUN } },
      ['run-time-limit ResourceConfig.InstanceCount'],
    ],
    [
      'a count that a deployment decides',
      { ResourceConfig: { ...CLUSTER, InstanceCount: unresolved('deployment', 'decided by N') } },
      ['deploy-time-limit ResourceConfig.InstanceCount'],
    ],
    [
      'no volume',
      { ResourceConfig: { ...CLUSTER, VolumeSizeInGB: undefined } },
      ['missing-limit ResourceConfig.VolumeSizeInGB'],
    ],
    ['no limit of time', { StoppingCondition: {} }, ['missing-limit StoppingCondition.MaxRuntimeInSeconds']],
    [
      'a limit above 28 days',
      { StoppingCondition: { MaxRuntimeInSeconds: 2_419_201 } },
      ['malformed-definition StoppingCondition.MaxRuntimeInSeconds'],
    ],
    [
      'a warm pool',
      { ResourceConfig: { ...CLUSTER, KeepAlivePeriodInSeconds: 60 } },
      ['warm-pool ResourceConfig.KeepAlivePeriodInSeconds'],
    ],
    [
      'a warm pool that a run decides',
      { ResourceConfig: { ...CLUSTER, KeepAlivePeriodInSeconds: DURING_RUN } },
      ['run-time-limit ResourceConfig.KeepAlivePeriodInSeconds'],
    ],
    [
      'preferences that a run decides',
      { ResourceConfig: { ...CLUSTER, InstancePreferences: DURING_RUN } },
      ['run-time-limit ResourceConfig.InstancePreferences'],
    ],
    [
      'a training plan',
      { ResourceConfig: { ...CLUSTER, TrainingPlanArn: 'arn:plan' } },
      ['unmetered-option ResourceConfig.TrainingPlanArn'],
    ],
    [
      'rules of the debugger',
      { DebugRuleConfigurations: [{ InstanceType: 'ml.m5.xlarge' }] },
      ['unmetered-option DebugRuleConfigurations'],
    ],
    [
      'a priced algorithm',
      { AlgorithmSpecification: { AlgorithmName: 'a' } },
      ['unmetered-option AlgorithmSpecification.AlgorithmName'],
    ],
    ['a serverless job', { ServerlessJobConfig: {} }, ['unmetered-option ServerlessJobConfig']],
    [
      'spot that a run decides',
      { EnableManagedSpotTraining: DURING_RUN },
      ['run-time-limit EnableManagedSpotTraining'],
    ],
    ['spot that is a text', { EnableManagedSpotTraining: 'true' }, ['malformed-definition EnableManagedSpotTraining']],
    [
      'spot without a limit of waiting',
      { ...SPOT, StoppingCondition: { MaxRuntimeInSeconds: 60 } },
      ['missing-limit StoppingCondition.MaxWaitTimeInSeconds'],
    ],
    [
      'spot that waits less than it runs',
      { ...SPOT, StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 59 } },
      ['malformed-definition StoppingCondition.MaxWaitTimeInSeconds'],
    ],
    [
      'spot without checkpoints',
      { ...SPOT, CheckpointConfig: undefined },
      ['spot-without-checkpoints CheckpointConfig'],
    ],
    [
      'spot whose checkpoints a run decides',
      { ...SPOT, CheckpointConfig: DURING_RUN },
      ['run-time-limit CheckpointConfig'],
    ],
    [
      'a type without a price',
      { ResourceConfig: { ...CLUSTER, InstanceType: 'ml.x99.large' } },
      ['missing-price ResourceConfig.InstanceType'],
    ],
  ])('is refused with %s', (_, change, problems) => {
    expect(problemsOf(training(change))).toEqual(problems.map((problem) => problem.replace(' ', ` ${AT}.`)));
  });

  it('reports every missing price at once', () => {
    const book = bookWithout('sagemaker.instance.ml.m5.xlarge', 'sagemaker.ml_storage_volume');
    expect(problemsOf(training({}, { book }))).toEqual([
      `missing-price ${AT}.ResourceConfig.InstanceType`,
      `missing-price ${AT}.ResourceConfig.VolumeSizeInGB`,
    ]);
  });

  it('runs a day without a limit, where the defaults of AWS are accepted', () => {
    const bare = training({ StoppingCondition: undefined }, { accepted: ['service-defaults'] });
    expect(usdOf(bare)).toBeCloseTo(job(86_520), 9);
  });
});

describe('a processing job', () => {
  const processing = (cluster: JsonObject, stopping: JsonObject | undefined): CallParts => ({
    call: 'sagemaker:createProcessingJob.sync',
    arguments: {
      AppSpecification: { ImageUri: 'image' },
      ProcessingResources: { ClusterConfig: cluster },
      StoppingCondition: stopping,
    },
  });

  it('costs its instances and volumes until its limit and the stop', () => {
    expect(usdOf(processing(CLUSTER, { MaxRuntimeInSeconds: 600 }))).toBeCloseTo(job(720), 9);
  });

  it('has no default that could be relied on', () => {
    const open = { ...processing(CLUSTER, undefined), accepted: ['service-defaults'] as const };
    expect(problemsOf(open)).toEqual([`missing-limit ${AT}.StoppingCondition.MaxRuntimeInSeconds`]);
    const cluster = { InstanceType: 'ml.m5.xlarge', VolumeSizeInGB: 30 };
    expect(problemsOf(processing(cluster, { MaxRuntimeInSeconds: 777_601 }))).toEqual([
      `missing-limit ${AT}.ProcessingResources.ClusterConfig.InstanceCount`,
      `malformed-definition ${AT}.StoppingCondition.MaxRuntimeInSeconds`,
    ]);
  });
});

describe('a tuning job', () => {
  const tuning = (limits: JsonObject, definition: JsonObject = ON_DEMAND, rest: JsonObject = {}): CallParts => ({
    call: 'sagemaker:createHyperParameterTuningJob.sync',
    arguments: {
      HyperParameterTuningJobConfig: { Strategy: 'Random', ResourceLimits: limits },
      TrainingJobDefinition: definition,
      ...rest,
    },
  });

  it.each([
    ['all of its jobs', { MaxNumberOfTrainingJobs: 20, MaxParallelTrainingJobs: 4 }, 20 * job(1_920)],
    [
      'what runs at once until it is stopped, if that is less',
      { MaxNumberOfTrainingJobs: 20, MaxParallelTrainingJobs: 4, MaxRuntimeInSeconds: 3_600 },
      4 * job(3_720),
    ],
    [
      'all of its jobs, if that is less',
      { MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 4, MaxRuntimeInSeconds: 3_600 },
      2 * job(1_920),
    ],
  ])('costs %s', (_, limits, expected) => {
    expect(usdOf(tuning(limits))).toBeCloseTo(expected, 9);
  });

  it('takes the dearest of its definitions and configurations', () => {
    const limits = { MaxNumberOfTrainingJobs: 10, MaxParallelTrainingJobs: 1 };
    const configs = [
      { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 10 },
      { InstanceType: 'ml.m5.4xlarge', InstanceCount: 1, VolumeSizeInGB: 10 },
    ];
    const second = {
      HyperParameterTuningResourceConfig: { AllocationStrategy: 'Prioritized', InstanceConfigs: configs },
      StoppingCondition: { MaxRuntimeInSeconds: 1_800 },
    };
    const several = tuning(limits, ON_DEMAND, {
      TrainingJobDefinition: undefined,
      TrainingJobDefinitions: [ON_DEMAND, second],
    });

    expect(usdOf(several)).toBeCloseTo(10 * job(1_920, 1, 0.922, 10), 9);
  });

  it('is refused without its number of jobs, with Autotune, and with spot without checkpoints', () => {
    const config = `${AT}.HyperParameterTuningJobConfig`;
    expect(problemsOf(tuning({ MaxParallelTrainingJobs: 2, MaxRuntimeInSeconds: 60 }))).toEqual([
      `missing-limit ${config}.ResourceLimits.MaxNumberOfTrainingJobs`,
    ]);
    const limits = { MaxNumberOfTrainingJobs: 1, MaxParallelTrainingJobs: 1 };
    expect(problemsOf(tuning(limits, ON_DEMAND, { Autotune: { Mode: 'Enabled' } }))).toEqual([
      `unmetered-option ${AT}.Autotune`,
    ]);
    expect(problemsOf(tuning(limits, { ...SPOT, CheckpointConfig: undefined }))).toEqual([
      `spot-without-checkpoints ${AT}.TrainingJobDefinition.CheckpointConfig`,
    ]);
    expect(problemsOf(tuning({ ...limits, MaxRuntimeInSeconds: DURING_RUN }))).toEqual([
      `run-time-limit ${config}.ResourceLimits.MaxRuntimeInSeconds`,
    ]);
  });
});

describe('other calls to SageMaker', () => {
  it.each(['createModel', 'createModelPackage', 'describeTrainingJob', 'stopTrainingJob', 'addTags'])(
    '%s is free',
    (name) => {
      expect(usdOf({ call: `aws-sdk:sagemaker:${name}` })).toBe(0);
    },
  );

  it('refuses what has no limit, and what would run after the call', () => {
    expect(problemsOf({ call: 'sagemaker:createTransformJob.sync' })).toEqual([
      'missing-limit app/Machine.States.Work.Resource',
    ]);
    expect(problemsOf({ call: 'sagemaker:createEndpoint' })).toEqual([
      'unmetered-call app/Machine.States.Work.Resource',
    ]);
    const validated = { ValidationSpecification: { ValidationProfiles: [] } };
    expect(problemsOf({ call: 'aws-sdk:sagemaker:createModelPackage', arguments: validated })).toEqual([
      `unmetered-option ${AT}.ValidationSpecification`,
    ]);
  });
});
