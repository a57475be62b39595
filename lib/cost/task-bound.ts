import { assertNever } from '../errors/fault.ts';
import { type CostNode, leaf } from './cost-node.ts';
import { boundGlueRun } from './glue-meter.ts';
import { boundInvocation } from './lambda-meter.ts';
import { type PriceBook, priceOf } from './price-book.ts';
import type { Refusal } from './refusal.ts';
import { boundProcessingJob, boundTrainingJob } from './sagemaker-meter.ts';
import { isObject, type JsonObject, markedAddress, type TemplateResource } from './template.ts';

/** What a bound is computed from. */
export interface CostContext {
  readonly resources: readonly TemplateResource[];
  readonly book: PriceBook;
}

const CALLS = [
  'lambda:invoke',
  'glue:startJobRun.sync',
  'sagemaker:createTrainingJob.sync',
  'sagemaker:createProcessingJob.sync',
  'aws-sdk:s3:getObject',
] as const;
type Call = (typeof CALLS)[number];

/** Arguments of StartJobRun that would override the job's own limits. Source: Glue API, StartJobRun (2026-11-20). */
const GLUE_OVERRIDES = [
  'Timeout',
  'WorkerType',
  'NumberOfWorkers',
  'MaxCapacity',
  'AllocatedCapacity',
  'ExecutionClass',
];

/** The most that one try of a task can cost. What is not a call of our machine is refused by its name. */
export function boundTry(
  resource: string,
  parameters: unknown,
  at: string,
  context: CostContext,
): CostNode | readonly Refusal[] {
  const name = resource.replace(/^arn:aws:states:::/, '');
  const call = CALLS.find((candidate) => candidate === name);
  if (call === undefined) {
    return [{ at: `${at}.Resource`, message: `${resource} has no meter`, fix: `use one of ${CALLS.join(', ')}` }];
  }
  return boundCall(call, isObject(parameters) ? parameters : {}, `${at}.Arguments`, context);
}

function boundCall(
  call: Call,
  parameters: JsonObject,
  at: string,
  context: CostContext,
): CostNode | readonly Refusal[] {
  switch (call) {
    case 'lambda:invoke':
      return ofResource(
        parameters['FunctionName'],
        `${at}.FunctionName`,
        'AWS::Lambda::Function',
        context,
        boundInvocation,
      );
    case 'glue:startJobRun.sync':
      return boundGlueTask(parameters, at, context);
    case 'sagemaker:createTrainingJob.sync':
      return boundTrainingJob(parameters, at, context.book);
    case 'sagemaker:createProcessingJob.sync':
      return boundProcessingJob(parameters, at, context.book);
    case 'aws-sdk:s3:getObject':
      return leaf('one GET request', at, priceOf(context.book, 's3.get_and_other'));
    default:
      return assertNever(call);
  }
}

function boundGlueTask(parameters: JsonObject, at: string, context: CostContext): CostNode | readonly Refusal[] {
  const overrides = GLUE_OVERRIDES.filter((field) => parameters[field] !== undefined);
  if (overrides.length > 0) {
    return overrides.map((field) => ({
      at: `${at}.${field}`,
      message: 'overrides a limit of the job',
      fix: 'set it on the job',
    }));
  }
  return ofResource(parameters['JobName'], `${at}.JobName`, 'AWS::Glue::Job', context, boundGlueRun);
}

type ResourceBound = (resource: TemplateResource, book: PriceBook) => CostNode | readonly Refusal[];

function ofResource(
  name: unknown,
  at: string,
  type: string,
  context: CostContext,
  bound: ResourceBound,
): CostNode | readonly Refusal[] {
  const address = typeof name === 'string' ? markedAddress(name) : undefined;
  const resource = context.resources.find(
    (candidate) => candidate.type === type && (candidate.address === address || candidate.properties['Name'] === name),
  );
  if (resource === undefined) {
    return [{ at, message: `${String(name)} names no ${type} of the templates`, fix: `refer to the resource itself` }];
  }
  return bound(resource, context.book);
}
