import type { JsonObject } from '../asl/json.ts';
import type { TaskState } from '../asl/state-machine.ts';
import { objectUri } from '../contracts/object-keys.ts';
import { attemptId, concatenated, jsonata, NO_MAP_INDEX, quoted } from './expressions.ts';
import { instanceOf } from './instance-storage.ts';
import { type JobIdentity, jobName, jobTags } from './job-tags.ts';
import type { ResourceNames } from './resource-names.ts';
import { jobRetriers, rememberTries, settleOnFailure } from './retriers.ts';
import { STATE_NAMES } from './state-names.ts';
import type { WorkflowPlan } from './workflow-plan.ts';

const FOLDER = '/opt/ml/processing/input';

interface ProcessingInput {
  readonly name: string;
  readonly uri: string;
  /** `ManifestFile`: the object lists the objects to download. */
  readonly type: 'S3Prefix' | 'ManifestFile';
}

const processingInput = ({ name, uri, type }: ProcessingInput): JsonObject => ({
  InputName: name,
  S3Input: {
    S3Uri: uri,
    LocalPath: `${FOLDER}/${name}`,
    S3DataType: type,
    S3InputMode: 'File',
    S3DataDistributionType: 'FullyReplicated',
    S3CompressionType: 'None',
  },
});

function processingInputs(names: ResourceNames): readonly JsonObject[] {
  const test = concatenated(quoted(objectUri(names.bucket, '')), '$trainingSetPrefix', "'test/'");
  return [
    processingInput({ name: 'code', uri: names.code.uri, type: 'S3Prefix' }),
    processingInput({ name: 'test', uri: jsonata(test), type: 'S3Prefix' }),
    processingInput({ name: 'inputs', uri: jsonata('$evaluation.inputs'), type: 'S3Prefix' }),
    processingInput({ name: 'contenders', uri: jsonata('$evaluation.contenders'), type: 'ManifestFile' }),
  ];
}

function processingJob(plan: WorkflowPlan, names: ResourceNames, attemptPrefix: string): JsonObject {
  const identity: JobIdentity = {
    pipeline: plan.pipeline,
    state: STATE_NAMES.evaluate,
    mapIndex: NO_MAP_INDEX,
    stem: "'eval'",
  };
  const output = concatenated(quoted(objectUri(names.bucket, '')), attemptPrefix);
  return {
    ProcessingJobName: jsonata(jobName(identity)),
    AppSpecification: {
      ImageUri: names.image,
      ContainerEntrypoint: ['python3', `${FOLDER}/code/${names.code.file}`, 'evaluate'],
    },
    ProcessingInputs: processingInputs(names),
    ProcessingOutputConfig: {
      Outputs: [
        {
          OutputName: 'report',
          S3Output: { S3Uri: jsonata(output), LocalPath: '/opt/ml/processing/output', S3UploadMode: 'EndOfJob' },
        },
      ],
      KmsKeyId: names.key,
    },
    ProcessingResources: { ClusterConfig: instanceOf(names, plan.evaluation) },
    StoppingCondition: { MaxRuntimeInSeconds: plan.evaluation.maxRuntimeSeconds },
    NetworkConfig: { EnableNetworkIsolation: true },
    RoleArn: names.jobRole,
    Tags: jobTags(identity),
  };
}

/** Scores the contenders on the test split, on demand: processing has no spot. */
export function evaluate(plan: WorkflowPlan, names: ResourceNames): TaskState {
  const attemptPrefix = concatenated('$evaluation.prefix', attemptId(STATE_NAMES.evaluate));
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::sagemaker:createProcessingJob.sync',
    Arguments: processingJob(plan, names, attemptPrefix),
    Assign: {
      reportLocation: { bucket: names.bucket, key: jsonata(concatenated(attemptPrefix, "'/report.json'")) },
      ...rememberTries,
    },
    ...jobRetriers(plan.triesPerJob),
    Catch: settleOnFailure(STATE_NAMES.evaluate),
    Next: STATE_NAMES.readEvaluation,
  };
}
