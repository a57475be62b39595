import type { ApiName } from '../../lib/iam/api-call.ts';
import { type JsonObject, listAt, numberAt, textAt } from '../cloudformation/template.ts';
import { creationContext } from '../jobs/sagemaker/condition-keys.ts';
import type { SageMakerJobRecord, SageMakerJobs } from '../jobs/sagemaker/sagemaker-jobs.ts';
import type { JsonService } from './json-service.ts';
import { modelPackageOperations } from './model-package-service.ts';
import { pageOf } from './pages.ts';
import { refuseOthers, requireText } from './parameters.ts';
import type { SageMakerBackend } from './sagemaker-backend.ts';
import { ServiceError } from './service-error.ts';

/** Source of the page size: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTrainingJobs.html (2026-11-20). */
const MOST_JOBS = 100;

/** The SageMaker calls that a run makes. */
export function sageMakerService(backend: SageMakerBackend): JsonService {
  return {
    ...jobOperations(backend, backend.training, 'trainingJob'),
    ...jobOperations(backend, backend.processing, 'processingJob'),
    ...modelPackageOperations(backend),
    ListTags: (caller, parameters) => listTags(backend, caller, parameters),
  };
}

type JobResource = 'trainingJob' | 'processingJob';

/** Create, describe, list and stop for one kind of job. */
function jobOperations(backend: SageMakerBackend, jobs: SageMakerJobs, resource: JobResource): JsonService {
  const { noun, arnType } = jobs.kind;
  const apiOf = (verb: 'Create' | 'Describe' | 'Stop'): ApiName => `sagemaker:${verb}${noun}`;
  const authorize = (caller: string, verb: 'Create' | 'Describe' | 'Stop', parameters: JsonObject): string => {
    const name = requireText(parameters, `${noun}Name`);
    const arn = `arn:aws:sagemaker:${backend.region}:${backend.account}:${arnType}/${name}`;
    const role = textAt(parameters, 'RoleArn');
    const resources = { [resource]: [arn], ...(role === undefined ? {} : { role: [role] }) };
    const context = verb === 'Create' ? creationContext(parameters) : {};
    backend.access.require(caller, { api: apiOf(verb), resources }, context);
    return name;
  };
  return {
    [`Create${noun}`]: async (caller, parameters) => {
      authorize(caller, 'Create', parameters);
      return { [`${noun}Arn`]: (await jobs.create(parameters))[`${noun}Arn`] };
    },
    [`Describe${noun}`]: async (caller, parameters) =>
      (await jobs.get(authorize(caller, 'Describe', parameters))).description,
    [`Stop${noun}`]: async (caller, parameters) => {
      const name = authorize(caller, 'Stop', parameters);
      const status = jobs.statusOf((await jobs.get(name)).description);
      if (status !== 'InProgress')
        throw ServiceError.validation(`The request was rejected because the job is in status ${status}.`);
      await jobs.stop(name);
      return {};
    },
    [`List${noun}s`]: async (caller, parameters) => {
      backend.access.require(caller, { api: `sagemaker:List${noun}s`, resources: {} });
      return listJobs(jobs, parameters);
    },
  };
}

async function listJobs(jobs: SageMakerJobs, parameters: JsonObject): Promise<object> {
  const { noun } = jobs.kind;
  const known = ['NameContains', 'StatusEquals', 'CreationTimeAfter', 'CreationTimeBefore', 'MaxResults', 'NextToken'];
  refuseOthers(`List${noun}s`, parameters, known);
  const found = (await jobs.list()).filter((record) => isWanted(jobs, record, parameters));
  const { items, next } = pageOf(found, parameters, MOST_JOBS);
  return { [`${noun}Summaries`]: items.map(({ description }) => summaryOf(jobs, description)), ...next };
}

function isWanted(jobs: SageMakerJobs, { description }: SageMakerJobRecord, parameters: JsonObject): boolean {
  const created = numberAt(description, 'CreationTime') ?? 0;
  const status = textAt(parameters, 'StatusEquals');
  return (
    jobs.nameOf(description).includes(textAt(parameters, 'NameContains') ?? '') &&
    (status === undefined || jobs.statusOf(description) === status) &&
    created > (numberAt(parameters, 'CreationTimeAfter') ?? Number.NEGATIVE_INFINITY) &&
    created < (numberAt(parameters, 'CreationTimeBefore') ?? Number.POSITIVE_INFINITY)
  );
}

function summaryOf({ kind }: SageMakerJobs, description: JsonObject): JsonObject {
  const fields = [
    `${kind.noun}Name`,
    `${kind.noun}Arn`,
    `${kind.noun}Status`,
    'CreationTime',
    'LastModifiedTime',
    kind.endField,
  ];
  return Object.fromEntries(fields.map((field) => [field, description[field]]));
}

async function listTags(backend: SageMakerBackend, caller: string, parameters: JsonObject): Promise<object> {
  const arn = requireText(parameters, 'ResourceArn');
  const [type, name = ''] = (arn.split(':').at(-1) ?? '').split('/');
  const [jobs, resource]: readonly [SageMakerJobs, JobResource] =
    type === 'processing-job' ? [backend.processing, 'processingJob'] : [backend.training, 'trainingJob'];
  if (type !== jobs.kind.arnType) throw ServiceError.notImplemented(`ListTags of ${arn}`);
  backend.access.require(caller, { api: 'sagemaker:ListTags', resources: { [resource]: [arn] } });
  const record = await jobs.get(name);
  return { Tags: listAt({ tags: record.tags }, 'tags') };
}
