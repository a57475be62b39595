import { readFile } from 'node:fs/promises';
import type { TaskEffect } from '../../lib/asl/execution.ts';
import type { ApiCall, AuthorizationRequest } from '../../lib/iam/api-call.ts';
import { callsOfTask, type TaskUse } from '../../lib/iam/task-calls.ts';
import { isObject, type JsonObject, textAt } from '../cloudformation/template.ts';
import type { AccessControl } from '../endpoint/access.ts';
import type { ObjectFiles } from '../endpoint/s3/object-files.ts';
import { ServiceError } from '../endpoint/service-error.ts';
import type { LambdaFunctions } from '../functions/lambda-functions.ts';
import type { GlueRuns } from '../jobs/glue-runs.ts';
import { creationContext } from '../jobs/sagemaker/condition-keys.ts';
import type { SageMakerJobs } from '../jobs/sagemaker/sagemaker-jobs.ts';
import { type TaskCall, type TaskOutcome, withMillisecondTimes } from './task-outcome.ts';

/** The services that a state machine's tasks reach, and the role under which they are called. */
export interface TaskServices {
  readonly region: string;
  readonly account: string;
  readonly roleArn: string;
  readonly access: AccessControl;
  readonly objects: ObjectFiles;
  readonly functions: LambdaFunctions;
  readonly glue: GlueRuns;
  readonly training: SageMakerJobs;
  readonly processing: SageMakerJobs;
}

interface Integration {
  /** What the call touches, for the policy check. */
  readonly resourcesOf: (services: TaskServices, parameters: JsonObject) => ApiCall['resources'];
  /** Condition keys that the parameters set; absent where the call has none. */
  readonly contextOf?: (parameters: JsonObject) => AuthorizationRequest['context'];
  readonly call: (services: TaskServices, parameters: JsonObject) => TaskCall;
  /** The error that the state sees for one of the service. */
  readonly errorName: (error: ServiceError) => string;
}

/**
 * Makes a task's call as Step Functions would, if the state machine's role allows it and everything that belongs to it.
 * Source of the results' shapes: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html (2026-11-20).
 */
export function performTask(services: TaskServices, task: TaskEffect): TaskCall {
  const integration = INTEGRATIONS[integrationOf(task.resource)];
  const parameters: JsonObject = isObject(task.arguments) ? task.arguments : {};
  if (integration === undefined) return over({ kind: 'failed', error: 'States.Runtime', cause: task.resource });
  try {
    const context = integration.contextOf?.(parameters) ?? {};
    requireAccess(
      services,
      { resource: task.resource, resources: integration.resourcesOf(services, parameters) },
      context,
    );
    const { outcome, cancel } = integration.call(services, parameters);
    return { outcome: outcome.catch((error: unknown) => failureOf(integration, error)), cancel };
  } catch (error) {
    return over(failureOf(integration, error));
  }
}

/** Whether this machine can make the calls of such a task. */
export const isKnownIntegration = (resource: string): boolean => integrationOf(resource) in INTEGRATIONS;

/** `arn:aws:states:::lambda:invoke` → `lambda:invoke` */
const integrationOf = (resource: string): string => /^arn:[^:]+:states:::(.+)$/.exec(resource)?.[1] ?? resource;

const over = (outcome: TaskOutcome): TaskCall => ({ outcome: Promise.resolve(outcome), cancel: () => undefined });

function failureOf(integration: Integration, error: unknown): TaskOutcome {
  if (!(error instanceof ServiceError)) throw error;
  return { kind: 'failed', error: integration.errorName(error), cause: error.message };
}

function requireAccess(
  { access, roleArn }: TaskServices,
  use: TaskUse,
  context: AuthorizationRequest['context'],
): void {
  for (const call of callsOfTask(use).value ?? []) access.require(roleArn, call, context);
}

const lambda: Integration = {
  resourcesOf: (services, parameters) => ({ function: [functionArn(services, parameters)] }),
  call: (services, parameters) => {
    const { FunctionName: _name, Payload: payload = {}, ...others } = parameters;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) throw ServiceError.notImplemented(`lambda:invoke with ${unknown}`);
    const arn = functionArn(services, parameters);
    if (!services.functions.has(arn))
      throw new ServiceError('ResourceNotFoundException', 404, `Function not found: ${arn}`);
    return { outcome: invoke(services, arn, payload), cancel: () => undefined };
  },
  errorName: ({ code }) => (code === 'AccessDeniedException' ? 'Lambda.AWSLambdaException' : `Lambda.${code}`),
};

function functionArn({ region, account }: TaskServices, parameters: JsonObject): string {
  const name = textAt(parameters, 'FunctionName') ?? '';
  return name.startsWith('arn:') ? name : `arn:aws:lambda:${region}:${account}:function:${name}`;
}

async function invoke({ functions }: TaskServices, arn: string, payload: unknown): Promise<TaskOutcome> {
  const outcome = await functions.invoke(arn, payload);
  if (!outcome.ok) {
    return { kind: 'failed', error: outcome.error.errorType, cause: JSON.stringify(outcome.error) };
  }
  const result: JsonObject = {
    ExecutedVersion: '$LATEST',
    Payload: JSON.parse(JSON.stringify(outcome.payload)),
    StatusCode: 200,
  };
  return { kind: 'succeeded', output: withMillisecondTimes(result) };
}

const getObject: Integration = {
  resourcesOf: ({ access }, parameters) => ({
    ...access.objectResources(textAt(parameters, 'Bucket') ?? '', textAt(parameters, 'Key') ?? ''),
    bucket: [`arn:aws:s3:::${textAt(parameters, 'Bucket')}`],
  }),
  call: (services, parameters) => {
    const unknown = Object.keys(parameters).find((name) => name !== 'Bucket' && name !== 'Key');
    if (unknown !== undefined) throw ServiceError.notImplemented(`s3:getObject with ${unknown}`);
    return { outcome: readObject(services, parameters), cancel: () => undefined };
  },
  errorName: ({ code }) => (code.startsWith('NoSuch') ? `S3.${code}Exception` : 'S3.S3Exception'),
};

async function readObject({ objects }: TaskServices, parameters: JsonObject): Promise<TaskOutcome> {
  const object = await objects.head(textAt(parameters, 'Bucket') ?? '', textAt(parameters, 'Key') ?? '');
  const output = {
    AcceptRanges: 'bytes',
    Body: await readFile(object.path, 'utf8'),
    ContentLength: object.size,
    ContentType: 'binary/octet-stream',
    ETag: `"${object.etag}"`,
    LastModified: object.lastModified.toISOString(),
    Metadata: {},
  };
  return { kind: 'succeeded', output };
}

const startJobRun: Integration = {
  resourcesOf: ({ region, account }, parameters) => ({
    glueJob: [`arn:aws:glue:${region}:${account}:job/${textAt(parameters, 'JobName')}`],
  }),
  call: ({ glue }, parameters) => {
    const started = glue.start(parameters);
    const cancel = (): void =>
      void started
        .then((run) => glue.stop(textAt(run, 'JobName') ?? '', textAt(run, 'Id') ?? ''))
        .catch(() => undefined);
    const outcome = started
      .then((run) => glue.ended(run))
      .then((run) => endOf(run, textAt(run, 'JobRunState') === 'SUCCEEDED'));
    return { outcome, cancel };
  },
  errorName: ({ code }) => `Glue.${code}`,
};

/** What SageMaker calls its own, where Step Functions knows the exception; anything else has the general name. */
const SAGEMAKER_ERRORS: Readonly<Record<string, string>> = {
  ResourceInUse: 'SageMaker.ResourceInUseException',
  ResourceLimitExceeded: 'SageMaker.ResourceLimitExceededException',
};

/** A job that was stopped is no failure of the task: whether that will do is for the next state to say. */
const createJob = (jobsOf: (services: TaskServices) => SageMakerJobs): Integration => ({
  resourcesOf: (services, parameters) => {
    const { noun, arnType } = jobsOf(services).kind;
    const { region, account } = services;
    const arn = `arn:aws:sagemaker:${region}:${account}:${arnType}/${textAt(parameters, `${noun}Name`)}`;
    const kind = noun === 'TrainingJob' ? 'trainingJob' : 'processingJob';
    const rule = `arn:aws:events:${region}:${account}:rule/StepFunctionsGetEventsForSageMaker${noun}sRule`;
    return { [kind]: [arn], role: [textAt(parameters, 'RoleArn') ?? ''], rule: [rule] };
  },
  contextOf: creationContext,
  call: (services, parameters) => {
    const jobs = jobsOf(services);
    const name = jobs.nameOf(parameters);
    const outcome = jobs
      .create(parameters)
      .then(() => jobs.ended(name))
      .then((description) => endOf(description, jobs.statusOf(description) !== 'Failed'));
    return { outcome, cancel: () => void jobs.stop(name).catch(() => undefined) };
  },
  errorName: ({ code }) => SAGEMAKER_ERRORS[code] ?? 'SageMaker.AmazonSageMakerException',
});

function endOf(description: JsonObject, isSuccess: boolean): TaskOutcome {
  const output = withMillisecondTimes(description);
  return isSuccess
    ? { kind: 'succeeded', output }
    : { kind: 'failed', error: 'States.TaskFailed', cause: JSON.stringify(output) };
}

const INTEGRATIONS: Readonly<Record<string, Integration>> = {
  'lambda:invoke': lambda,
  'aws-sdk:s3:getObject': getObject,
  'glue:startJobRun.sync': startJobRun,
  'sagemaker:createTrainingJob.sync': createJob((services) => services.training),
  'sagemaker:createProcessingJob.sync': createJob((services) => services.processing),
};
