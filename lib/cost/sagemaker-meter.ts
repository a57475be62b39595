import { addUsd, scaleUsd, type Usd, usdToDecimal } from '../units/usd.ts';
import { type CostNode, leaf } from './cost-node.ts';
import { type PriceBook, priceOf } from './price-book.ts';
import type { Refusal } from './refusal.ts';
import { isObject, type JsonObject } from './template.ts';

/**
 * A stopped job gets SIGTERM and this many seconds before it is killed; they are billed.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StopTrainingJob.html (2026-11-20).
 */
export const STOP_SECONDS = 120;
const SECONDS_PER_HOUR = 3_600;
/** AWS divides a GB-month by this many hours. Source: https://aws.amazon.com/sagemaker/pricing (2026-11-20). */
const HOURS_PER_MONTH = 730;

export const instancePriceItem = (instance: string): string => `sagemaker.instance.${instance}`;

/** What instances of a type are billed for, by the second. */
export function instanceUsd(instance: string, instanceSeconds: number, book: PriceBook): Usd {
  return scaleUsd(priceOf(book, instancePriceItem(instance)), Math.ceil(instanceSeconds), SECONDS_PER_HOUR);
}

/** What a volume is billed for while a job holds it. */
export function volumeUsd(gigabytes: number, seconds: number, book: PriceBook): Usd {
  const price = priceOf(book, 'sagemaker.ml_storage_volume');
  return scaleUsd(price, gigabytes * Math.ceil(seconds), HOURS_PER_MONTH * SECONDS_PER_HOUR);
}

interface JobLimits {
  readonly instance: string;
  readonly count: number;
  readonly volumeGb: number;
  /** The longest that instances can be billed, without the stop. */
  readonly seconds: number;
}

/**
 * The most that one training job can cost. With managed spot the waiting time counts as if it ran: that the run time
 * is summed over interruptions is not documented.
 */
export function boundTrainingJob(parameters: JsonObject, at: string, book: PriceBook): CostNode | readonly Refusal[] {
  const resources = objectAt(parameters, 'ResourceConfig');
  const stopping = objectAt(parameters, 'StoppingCondition');
  const spot = parameters['EnableManagedSpotTraining'] === true;
  const limit = spot ? 'MaxWaitTimeInSeconds' : 'MaxRuntimeInSeconds';
  const refusals = [
    ...literalRefusals(resources, `${at}.ResourceConfig`),
    ...numberRefusals(stopping, ['MaxRuntimeInSeconds', limit], `${at}.StoppingCondition`),
    ...forbidden(
      resources,
      'KeepAlivePeriodInSeconds',
      `${at}.ResourceConfig`,
      'leave it out: a warm pool is billed after the job',
    ),
    ...forbidden(resources, 'InstancePreferences', `${at}.ResourceConfig`, 'name one InstanceType'),
    ...forbidden(resources, 'InstanceGroups', `${at}.ResourceConfig`, 'name one InstanceType'),
    ...(spot && parameters['CheckpointConfig'] === undefined
      ? [
          {
            at: `${at}.CheckpointConfig`,
            message: 'managed spot without checkpoints starts over at each interruption',
            fix: 'set CheckpointConfig',
          },
        ]
      : []),
  ];
  if (refusals.length > 0) return refusals;
  return jobBound(limitsOf(resources, Number(stopping[limit])), `${at}.StoppingCondition.${limit}`, book);
}

/** The most that one processing job can cost; there is no spot for processing. */
export function boundProcessingJob(parameters: JsonObject, at: string, book: PriceBook): CostNode | readonly Refusal[] {
  const resources = objectAt(objectAt(parameters, 'ProcessingResources'), 'ClusterConfig');
  const stopping = objectAt(parameters, 'StoppingCondition');
  const refusals = [
    ...literalRefusals(resources, `${at}.ProcessingResources.ClusterConfig`),
    ...numberRefusals(stopping, ['MaxRuntimeInSeconds'], `${at}.StoppingCondition`),
  ];
  if (refusals.length > 0) return refusals;
  const limits = limitsOf(resources, Number(stopping['MaxRuntimeInSeconds']));
  return jobBound(limits, `${at}.StoppingCondition.MaxRuntimeInSeconds`, book);
}

function jobBound({ instance, count, volumeGb, seconds }: JobLimits, at: string, book: PriceBook): CostNode {
  const billed = seconds + STOP_SECONDS;
  const price = usdToDecimal(priceOf(book, instancePriceItem(instance)));
  return leaf(
    `${count} x ${instance} for at most ${billed} s at $${price} an hour, ${volumeGb} GB`,
    at,
    addUsd(instanceUsd(instance, billed * count, book), volumeUsd(volumeGb * count, billed, book)),
  );
}

const limitsOf = (resources: JsonObject, seconds: number): JobLimits => ({
  instance: String(resources['InstanceType']),
  count: Number(resources['InstanceCount']),
  volumeGb: Number(resources['VolumeSizeInGB']),
  seconds,
});

function objectAt(parent: JsonObject, field: string): JsonObject {
  const value = parent[field];
  return isObject(value) ? value : {};
}

function literalRefusals(resources: JsonObject, at: string): readonly Refusal[] {
  const instance = resources['InstanceType'];
  const literal = typeof instance === 'string' && instance.startsWith('ml.');
  return [
    ...(literal ? [] : [open(`${at}.InstanceType`, instance, 'set a literal instance type')]),
    ...numberRefusals(resources, ['InstanceCount', 'VolumeSizeInGB'], at),
  ];
}

function numberRefusals(parent: JsonObject, fields: readonly string[], at: string): readonly Refusal[] {
  return [...new Set(fields)]
    .filter((field) => typeof parent[field] !== 'number')
    .map((field) =>
      open(`${at}.${field}`, parent[field], 'set a literal number: what run-time data decides has no bound'),
    );
}

function forbidden(parent: JsonObject, field: string, at: string, fix: string): readonly Refusal[] {
  return parent[field] === undefined ? [] : [open(`${at}.${field}`, parent[field], fix)];
}

function open(at: string, value: unknown, fix: string): Refusal {
  return { at, message: `is ${JSON.stringify(value) ?? 'not set'}`, fix };
}
