import type { JsonObject } from '../asl/json.ts';
import type { TaskState } from '../asl/state-machine.ts';
import { objectUri } from '../contracts/object-keys.ts';
import { concatenated, jsonata, quoted } from './expressions.ts';
import { instanceOf } from './instance-storage.ts';
import { type JobIdentity, jobName, jobTags } from './job-tags.ts';
import type { ResourceNames } from './resource-names.ts';
import { jobRetriers, WAS_REPEATED } from './retriers.ts';
import { STATE_NAMES } from './state-names.ts';
import type { WorkflowPlan } from './workflow-plan.ts';

/** The state's input is a `TrialItem`, whose index is its place in the Map. */
const INDEX = '$states.input.index';

/** Without the slash at its end: SageMaker puts one in front of the job's name. */
const withoutSlash = (prefix: string): string => `$substring(${prefix}, 0, $length(${prefix}) - 1)`;

/** A folder of S3 that the container finds below `/opt/ml/input/data/<name>`, or one object. */
function channel(name: string, uri: string): JsonObject {
  return {
    ChannelName: name,
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri, S3DataDistributionType: 'FullyReplicated' } },
    CompressionType: 'None',
    InputMode: 'File',
  };
}

function channels(names: ResourceNames): readonly JsonObject[] {
  const root = quoted(objectUri(names.bucket, ''));
  const split = (name: string): JsonObject =>
    channel(name, jsonata(concatenated(root, '$trainingSetPrefix', quoted(`${name}/`))));
  return [split('train'), split('validation'), channel('code', names.code.uri)];
}

/**
 * Literal limits. Managed spot needs a time for waiting and running together beside the time for running.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html (2026-11-20).
 */
function limits({ maxRuntimeSeconds, spot }: WorkflowPlan['training']): JsonObject {
  return {
    EnableManagedSpotTraining: spot !== null,
    StoppingCondition: {
      MaxRuntimeInSeconds: maxRuntimeSeconds,
      ...(spot === null ? {} : { MaxWaitTimeInSeconds: spot.maxWaitSeconds }),
    },
  };
}

/** States to a review how much work an interruption loses at most. */
const checkpointTags = ({ spot }: WorkflowPlan['training']): readonly JsonObject[] =>
  spot === null ? [] : [{ Key: 'CheckpointSeconds', Value: String(spot.checkpointSeconds) }];

function trainingJob(plan: WorkflowPlan, names: ResourceNames): JsonObject {
  const identity: JobIdentity = {
    pipeline: plan.pipeline,
    state: STATE_NAMES.trainTrial,
    mapIndex: INDEX,
    stem: `'t' & $string(${INDEX})`,
  };
  const root = quoted(objectUri(names.bucket, ''));
  return {
    TrainingJobName: jsonata(jobName(identity)),
    AlgorithmSpecification: {
      TrainingImage: names.image,
      TrainingInputMode: 'File',
      ContainerEntrypoint: ['python3', `/opt/ml/input/data/code/${names.code.file}`, 'train'],
    },
    HyperParameters: jsonata('$states.input.hyperparameters'),
    InputDataConfig: channels(names),
    OutputDataConfig: {
      S3OutputPath: jsonata(concatenated(root, withoutSlash('$states.input.prefix'))),
      KmsKeyId: names.key,
    },
    CheckpointConfig: {
      S3Uri: jsonata(concatenated(root, '$states.input.checkpoints')),
      LocalPath: '/opt/ml/checkpoints',
    },
    ResourceConfig: instanceOf(names, plan.training),
    ...limits(plan.training),
    EnableNetworkIsolation: true,
    RoleArn: names.jobRole,
    Tags: [...jobTags(identity), ...checkpointTags(plan.training)],
  };
}

/** Trains one trial; what the next state publishes is the job's name and how it ended. */
export function trainTrial(plan: WorkflowPlan, names: ResourceNames): TaskState {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',
    Arguments: trainingJob(plan, names),
    Output: {
      trial: jsonata(`$merge([$states.input, { 'repeated': ${WAS_REPEATED} }])`),
      job: jsonata('$states.result.TrainingJobName'),
      status: jsonata('$states.result.TrainingJobStatus'),
    },
    ...jobRetriers(plan.triesPerJob),
    Catch: [
      {
        ErrorEquals: ['States.ALL'],
        Output: { trial: jsonata('$states.input'), error: jsonata('$states.errorOutput') },
        Next: STATE_NAMES.recordFailedTrial,
      },
    ],
    Next: STATE_NAMES.publishTrial,
  };
}
