import { Code as GlueCode, PySparkEtlJob } from 'aws-cdk-lib/aws-glue';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { DefinitionBody, IntegrationPattern, StateMachine, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import {
  DockerImage,
  GlueStartJobRun,
  LambdaInvoke,
  S3Location,
  SageMakerCreateTrainingJob,
} from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { assessCost } from '../../lib/cost/assess.ts';
import type { CostAssessment, CostRequest } from '../../lib/cost/assessment.ts';
import { defaultRequest } from '../../lib/cost/default-request.ts';
import { usdToDecimal } from '../../lib/units/usd.ts';
import { shippedPriceBook } from '../support/cost-template.ts';
import { quietApp } from '../support/synthesized-example.ts';

const book = shippedPriceBook();
const TRANSITION = 0.000025;

/** What the analyser says of an app of one stack, as CDK synthesizes it. */
function assessApp(build: (stack: Stack) => void, settings: Partial<CostRequest> = {}): CostAssessment {
  const app = quietApp();
  build(new Stack(app, 'app'));
  const { template } = app.synth().getStackByName('app');
  return assessCost({
    ...defaultRequest([{ stack: 'app', template }], book),
    spot: { interruptionsPerHour: 0.05, saving: 0.7 },
    ...settings,
  });
}

const errorsOf = ({ diagnostics }: CostAssessment): readonly string[] =>
  diagnostics.filter(({ severity }) => severity === 'error').map(({ code, at }) => `${code} ${at}`);
const dollars = (amount: CostAssessment['run']['usd']): number =>
  amount === null ? Number.NaN : Number(usdToDecimal(amount));
const bucketIn = (stack: Stack): S3Location =>
  S3Location.fromBucket(Bucket.fromBucketName(stack, 'Bucket', 'bucket'), 'key');

/** A job with nothing but its script, and a machine that runs it: what CDK and Glue add is all defaults. */
function bareGlueJob(stack: Stack): void {
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('glue.amazonaws.com') });
  const script = GlueCode.fromBucket(Bucket.fromBucketName(stack, 'Bucket', 'bucket'), 'etl.py');
  new PySparkEtlJob(stack, 'Job', { role, script, jobName: 'etl' });
  const run = new GlueStartJobRun(stack, 'Run', {
    glueJobName: 'etl',
    integrationPattern: IntegrationPattern.RUN_JOB,
  });
  new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromChainable(run) });
}

describe('a Glue job with the defaults of CDK', () => {
  it('has no Timeout, which is the one thing that is refused', () => {
    const assessment = assessApp(bareGlueJob);

    expect(errorsOf(assessment)).toEqual([expect.stringMatching(/^missing-limit app\/Job\w+\.Properties\.Timeout$/)]);
    expect(assessment.run.usd).toBeNull();
  });

  it("costs $211.20 a try by AWS's documented defaults: 10 x G.1X for 2,880 minutes of Glue 4.0", () => {
    const { run, assumptions } = assessApp(bareGlueJob, { accepted: new Set(['service-defaults']) });

    expect(dollars(run.usd)).toBeCloseTo((10 * 2_880 * 0.44) / 60 + 3 * TRANSITION, 9);
    expect(dollars(run.usd)).toBeCloseTo(211.2, 3);
    expect(assumptions.map(({ name }) => name)).toContain('service-defaults');
  });
});

describe('LambdaInvoke of CDK', () => {
  const invoking =
    (retryOnServiceExceptions: boolean) =>
    (stack: Stack): void => {
      const lambdaFunction = new LambdaFunction(stack, 'Function', {
        runtime: Runtime.NODEJS_24_X,
        handler: 'index.handler',
        code: Code.fromInline('exports.handler = () => 1'),
        memorySize: 512,
        timeout: Duration.seconds(60),
      });
      const run = new LambdaInvoke(stack, 'Run', { lambdaFunction, retryOnServiceExceptions });
      new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromChainable(run) });
    };
  /** Half a gigabyte for the timeout and a cold start of ten seconds, and a request. */
  const attempt = 0.5 * 70 * 0.0000166667 + 0.0000002 + TRANSITION;

  it.each([
    ['adds six retries', true, 7],
    ['adds none where it is told so', false, 1],
  ])('%s', (_, retries, tries) => {
    const { run } = assessApp(invoking(retries));

    expect(dollars(run.usd)).toBeCloseTo(tries * attempt + 2 * TRANSITION, 12);
  });
});

describe('SageMakerCreateTrainingJob of CDK', () => {
  const training =
    (change: object = {}) =>
    (stack: Stack): void => {
      const location = bucketIn(stack);
      const run = new SageMakerCreateTrainingJob(stack, 'Run', {
        trainingJobName: 'train',
        integrationPattern: IntegrationPattern.RUN_JOB,
        algorithmSpecification: { trainingImage: DockerImage.fromRegistry('image') },
        inputDataConfig: [{ channelName: 'train', dataSource: { s3DataSource: { s3Location: location } } }],
        outputDataConfig: { s3OutputLocation: location },
      });
      const stateJson = { ...run.toStateJson(), ...change } as Record<string, unknown>;
      const definition = { StartAt: 'Run', States: { Run: stateJson } };
      new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromString(stack.toJsonString(definition)) });
    };
  const resources = { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 10 };
  const parameters = (stopping: object, spot: object = {}): object => ({
    Parameters: {
      TrainingJobName: 'train',
      AlgorithmSpecification: { TrainingImage: 'image', TrainingInputMode: 'File' },
      OutputDataConfig: { S3OutputPath: 's3://bucket/key' },
      RoleArn: 'arn:aws:iam::000000000000:role/train',
      ResourceConfig: resources,
      StoppingCondition: stopping,
      ...spot,
    },
  });
  /** An hour of an m5.xlarge and the stop, with 10 GB. */
  const anHour = (3_720 / 3_600) * 0.23 + (10 * 0.14 * 3_720) / 3_600 / 730 + TRANSITION;

  it('takes one ml.m4.xlarge, which the price book has no price for: an error, never zero', () => {
    const assessment = assessApp(training());

    expect(errorsOf(assessment)).toEqual([
      expect.stringMatching(/^missing-price app\/Machine\w+\.States\.Run\.Parameters\.ResourceConfig\.InstanceType$/),
    ]);
  });

  it('stops after an hour and two minutes', () => {
    const { run } = assessApp(training(parameters({ MaxRuntimeInSeconds: 3_600 })));

    expect(dollars(run.usd)).toBeCloseTo(anHour + 2 * TRANSITION, 9);
  });

  const sample = {
    Retry: [
      { ErrorEquals: ['SageMaker.AmazonSageMakerException'], MaxAttempts: 100 },
      { ErrorEquals: ['SageMaker.ResourceLimitExceeded'], MaxAttempts: 5_000 },
    ],
    ...parameters({ MaxRuntimeInSeconds: 3_600 }),
  };

  it("has 5,101 tries with the retriers of AWS's sample, each of which may cost a whole job", () => {
    const { run } = assessApp(training(sample));

    expect(dollars(run.usd)).toBeCloseTo(5_101 * anHour + 2 * TRANSITION, 6);
  });

  it('has 101 of them where create errors are agreed to cost a transition', () => {
    const { run } = assessApp(training(sample), { accepted: new Set(['free-create-errors']) });

    expect(dollars(run.usd)).toBeCloseTo(101 * anHour + 5_002 * TRANSITION, 6);
  });

  const spotHours = { MaxRuntimeInSeconds: 48.5 * 3_600, MaxWaitTimeInSeconds: 96 * 3_600 };
  const often = { interruptionsPerHour: 0.15, saving: 0.7, checkpointSeconds: 1_800 };

  it('is refused as 48.5 hours of spot without checkpoints', () => {
    const assessment = assessApp(training(parameters(spotHours, { EnableManagedSpotTraining: true })), { spot: often });

    expect(errorsOf(assessment)).toEqual([
      expect.stringMatching(/^spot-without-checkpoints app\/Machine\w+\.States\.Run\.Parameters\.CheckpointConfig$/),
    ]);
  });

  it('is expected to take little longer with one each half an hour, and bounded by all of the waiting time', () => {
    const spot = { EnableManagedSpotTraining: true, CheckpointConfig: { S3Uri: 's3://bucket/checkpoints' } };
    const { run, expected } = assessApp(training(parameters(spotHours, spot)), { spot: often });

    const seconds = 96 * 3_600 + 120;
    const bound = (seconds / 3_600) * 0.23 + (10 * 0.14 * seconds) / 3_600 / 730;
    expect(dollars(run.usd)).toBeCloseTo(bound + 3 * TRANSITION, 9);
    /** Each half hour takes (e^0.075 - 1) / 0.15 hours, and a little more for downloading again. */
    const hours = (97 * (Math.exp(0.075) - 1)) / 0.15;
    const ratios = expected.map(({ expectedSeconds }) => expectedSeconds / 3_600 / hours);
    expect(ratios).toEqual([expect.closeTo(1.01, 2)]);
  });
});

describe('a schedule of CDK', () => {
  it('delivers each tick up to 186 times, once a day of a month of 31', () => {
    const { run, month, machines } = assessApp((stack) => {
      const machine = new StateMachine(stack, 'Machine', {
        definitionBody: DefinitionBody.fromChainable(new Succeed(stack, 'Done')),
      });
      new Schedule(stack, 'Schedule', {
        schedule: ScheduleExpression.rate(Duration.days(1)),
        target: new StepFunctionsStartExecution(machine, {}),
      });
    });

    expect(dollars(run.usd)).toBeCloseTo(3 * TRANSITION, 12);
    expect(machines.map(({ startsPerMonth }) => startsPerMonth)).toEqual([31]);
    expect(dollars(month.usd)).toBeCloseTo(31 * (3 * TRANSITION + 186 * 0.000001), 12);
  });
});
