import type { Draft } from './draft.ts';

/** What a task calls: its Resource, and its Arguments (JSONata) or Parameters (JSONPath). */
export interface CallDraft {
  readonly resource: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What a call may draw upon. */
export interface Surroundings {
  readonly language: 'JSONPath' | 'JSONata';
  /** In the place of a message or payload. */
  readonly data: string;
  readonly numbers: readonly string[];
}

/** A reference to a resource of the template, inside a definition. */
export const referenceTo = (id: string): string => `«Ref:${id}»`;
export const arnOf = (id: string): string => `«Arn:${id}»`;

const PARTITION = '«Ref:AWS::Partition»';

/** A call of any kind that is metered, with a resource of its own. */
export function generateCall(draft: Draft, surroundings: Surroundings): CallDraft {
  const { chance } = draft;
  const generate = chance.pick(
    lambda,
    lambda,
    lambda,
    glue,
    glue,
    training,
    training,
    processing,
    topic,
    queue,
    object,
  );
  return generate(draft, surroundings);
}

const partitioned = (draft: Draft, name: string): string =>
  `arn:${draft.chance.happens(0.3) ? PARTITION : 'aws'}:states:::${name}`;

function lambda(draft: Draft, { data }: Surroundings): CallDraft {
  const { chance } = draft;
  const name = chance.happens(0.2) ? { FunctionName: draft.fresh('function-') } : {};
  const id = draft.add(draft.fresh('Function'), 'AWS::Lambda::Function', {
    ...name,
    ...draft.optional('MemorySize', draft.limit(256, 512, 1_024, 10_240)),
    ...draft.optional('Timeout', draft.limit(30, 60, 900)),
    ...(chance.happens(0.5) ? { Architectures: ['arm64'] } : {}),
    ...(chance.happens(0.15) ? { EphemeralStorage: { Size: 2_048 } } : {}),
  });
  if (chance.happens(0.2)) return { resource: arnOf(id), parameters: {} };
  const asynchronous = chance.happens(0.1) ? { InvocationType: 'Event' } : {};
  const waits = chance.happens(0.1) ? '.waitForTaskToken' : '';
  const target = name.FunctionName ?? chance.pick(arnOf(id), referenceTo(id));
  return {
    resource: partitioned(draft, `lambda:invoke${asynchronous.InvocationType === undefined ? waits : ''}`),
    parameters: { FunctionName: target, ...asynchronous, Payload: data },
  };
}

function glue(draft: Draft): CallDraft {
  const { chance } = draft;
  const name = chance.happens(0.3) ? { Name: draft.fresh('job-') } : {};
  const type = draft.limit('G.1X', 'G.2X', 'G.4X', 'G.8X');
  const isFlexible = chance.happens(0.15);
  const id = draft.add(draft.fresh('Job'), 'AWS::Glue::Job', {
    ...name,
    Role: 'arn:aws:iam::123456789012:role/glue',
    Command: { Name: 'glueetl', ScriptLocation: 's3://bucket/job.py' },
    GlueVersion: draft.limit('4.0', '5.0', '5.1', '6.0'),
    WorkerType: isFlexible ? 'G.1X' : type,
    NumberOfWorkers: draft.limit(2, 5, 10),
    ...draft.optional('Timeout', draft.limit(1, 3, 30, 480)),
    ...(chance.happens(0.7) ? { MaxRetries: 0 } : {}),
    ...(isFlexible ? { ExecutionClass: 'FLEX' } : {}),
  });
  const overrides = chance.happens(0.15) ? { Timeout: chance.pick(2, 45), NumberOfWorkers: 3, WorkerType: 'G.2X' } : {};
  return {
    resource: partitioned(draft, `glue:startJobRun${chance.happens(0.8) ? '.sync' : ''}`),
    parameters: { JobName: name.Name ?? referenceTo(id), ...overrides },
  };
}

const INSTANCES = ['ml.m5.large', 'ml.m5.xlarge', 'ml.c5.xlarge', 'ml.r5.xlarge'] as const;

function training(draft: Draft, surroundings: Surroundings): CallDraft {
  const { chance } = draft;
  const seconds = chance.pick(600, 3_600, 7_200);
  const isSpot = chance.happens(0.4);
  const spot = { EnableManagedSpotTraining: true, CheckpointConfig: { S3Uri: 's3://bucket/checkpoints/' } };
  return {
    resource: partitioned(draft, `sagemaker:createTrainingJob${chance.happens(0.8) ? '.sync' : ''}`),
    parameters: {
      TrainingJobName: 'train',
      AlgorithmSpecification: { TrainingImage: 'image', TrainingInputMode: 'File' },
      RoleArn: 'arn:aws:iam::123456789012:role/train',
      OutputDataConfig: { S3OutputPath: 's3://bucket/models/' },
      ResourceConfig: {
        InstanceType: chance.pick(...INSTANCES),
        ...numberField(draft, surroundings, 'InstanceCount', draft.decidedNumber(chance.between(1, 3), 4)),
        VolumeSizeInGB: chance.pick(10, 30, 100),
      },
      StoppingCondition: {
        MaxRuntimeInSeconds: seconds,
        ...(isSpot ? { MaxWaitTimeInSeconds: seconds * chance.between(2, 3) } : {}),
      },
      ...(isSpot ? spot : {}),
    },
  };
}

/** A number, or what is computed from a counter in sight. */
function numberField(draft: Draft, { language, numbers }: Surroundings, field: string, otherwise: unknown): object {
  const [first, ...others] = numbers;
  if (!draft.taste.usesRanges || first === undefined || draft.chance.happens(0.5)) return { [field]: otherwise };
  const variable = `$${draft.chance.pick(first, ...others)}`;
  if (language === 'JSONPath') return { [`${field}.$`]: `States.MathAdd(${variable}, 10)` };
  return {
    [field]: draft.chance.pick(`{% ${variable} + 10 %}`, `{% 30 - ${variable} %}`, `{% 2 * ${variable} + 20 %}`),
  };
}

function processing(draft: Draft): CallDraft {
  const { chance } = draft;
  return {
    resource: partitioned(draft, 'sagemaker:createProcessingJob.sync'),
    parameters: {
      ProcessingJobName: 'process',
      AppSpecification: { ImageUri: 'image' },
      RoleArn: 'arn:aws:iam::123456789012:role/process',
      ProcessingResources: {
        ClusterConfig: {
          InstanceType: chance.pick(...INSTANCES),
          InstanceCount: chance.between(1, 2),
          VolumeSizeInGB: chance.pick(10, 50),
        },
      },
      StoppingCondition: { MaxRuntimeInSeconds: draft.decidedNumber(chance.pick(300, 1_800), 3_600) },
    },
  };
}

function topic(draft: Draft, { data }: Surroundings): CallDraft {
  const id = draft.add(draft.fresh('Topic'), 'AWS::SNS::Topic', {});
  return { resource: partitioned(draft, 'sns:publish'), parameters: { TopicArn: referenceTo(id), Message: data } };
}

function queue(draft: Draft, { data }: Surroundings): CallDraft {
  const id = draft.add(draft.fresh('Queue'), 'AWS::SQS::Queue', {});
  return {
    resource: partitioned(draft, 'sqs:sendMessage'),
    parameters: { QueueUrl: referenceTo(id), MessageBody: data },
  };
}

function object(draft: Draft): CallDraft {
  return { resource: partitioned(draft, 'aws-sdk:s3:getObject'), parameters: { Bucket: 'bucket', Key: 'key' } };
}
