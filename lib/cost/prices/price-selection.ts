import type { Offer } from './offer-file.ts';

/** Offer files of AWS's price list that a price book is made of. Codes are irregular: they are listed, never derived. */
export const PRICED_SERVICES = [
  'AWSGlue',
  'AmazonSageMaker',
  'AmazonStates',
  'AWSLambda',
  'AmazonS3',
  'AmazonDynamoDB',
  'AmazonSNS',
  'AWSQueueService',
  'AWSEvents',
  'AmazonCloudWatch',
  'awskms',
  'AmazonAthena',
  'AWSSecretsManager',
] as const;

/** Which offers set the price of an item, and how AWS's unit becomes that of the book. */
export interface PriceSelection {
  readonly item: string;
  readonly unit: string;
  readonly service: (typeof PRICED_SERVICES)[number];
  /** The usage type without the region's prefix. */
  readonly usageType: RegExp;
  /** Units of AWS in one of the book: 1,000,000 where AWS prices a request and the book a million. */
  readonly per: bigint;
}

const select = (
  item: string,
  unit: string,
  service: PriceSelection['service'],
  usageType: RegExp,
  per = 1n,
): PriceSelection => ({ item, unit, service, usageType, per });

const MILLION = 1_000_000n;

/**
 * What is read from the price list under a known name.
 * Source: usage types as AWS's cost reports and price lists show them, collected 2026-11-20; what has no known name is
 * taken over from the book before, where its rows name a usage type.
 */
export const PRICE_SELECTIONS: readonly PriceSelection[] = [
  select('glue.etl.standard.v5_1_and_earlier', 'DPU-hour', 'AWSGlue', /^ETL-DPU-Hour$/),
  select('glue.etl.flex.v5_1_and_earlier', 'DPU-hour', 'AWSGlue', /^ETL-Flex-DPU-Hour$/),
  select('glue.crawler', 'DPU-hour', 'AWSGlue', /^Crawler-DPU-Hour$/),
  select('stepfunctions.standard.transition', 'transition', 'AmazonStates', /^StateTransition$/),
  select('stepfunctions.express.request', '1M requests', 'AmazonStates', /^StepFunctions-Request$/, MILLION),
  select('lambda.request', 'request', 'AWSLambda', /^Request(-ARM)?$/),
  select('lambda.gb_second.x86', 'GB-second', 'AWSLambda', /^Lambda-GB-Second$/),
  select('lambda.gb_second.arm', 'GB-second', 'AWSLambda', /^Lambda-GB-Second-ARM$/),
  select('s3.standard.storage', 'GB-month (first 50 TB)', 'AmazonS3', /^TimedStorage-ByteHrs$/),
  select('s3.put_copy_post_list', 'request', 'AmazonS3', /^Requests-Tier1$/),
  select('s3.get_and_other', 'request', 'AmazonS3', /^Requests-Tier2$/),
  select('dynamodb.ondemand.write_request_unit', 'WRU', 'AmazonDynamoDB', /^WriteRequestUnits$/),
  select('dynamodb.ondemand.read_request_unit', 'RRU', 'AmazonDynamoDB', /^ReadRequestUnits$/),
  select('sns.publish', '1M requests above 1M', 'AmazonSNS', /^Requests-Tier1$/, MILLION),
  select('sqs.standard.request', 'request', 'AWSQueueService', /^Requests-Tier1$/),
  select('sqs.fifo.request', 'request', 'AWSQueueService', /^Requests-FIFO-Tier1$/),
  select('eventbridge.scheduler.invocation', '1M invocations above 14M', 'AWSEvents', /^ScheduledInvocation$/, MILLION),
  select('cloudwatch.logs.ingest.standard', 'GB', 'AmazonCloudWatch', /^DataProcessing-Bytes$/),
  select('cloudwatch.logs.storage', 'GB-month', 'AmazonCloudWatch', /^TimedStorage-ByteHrs$/),
  select('cloudwatch.alarm.standard', 'alarm-month', 'AmazonCloudWatch', /^CW:AlarmMonitorUsage$/),
  select('kms.key', 'key-month', 'awskms', /^KMS-Keys$/),
  select('kms.request', 'request', 'awskms', /^KMS-Requests$/),
  select('athena.scan', 'TB', 'AmazonAthena', /^DataScannedInTB$/),
  select('secretsmanager.secret', 'secret-month', 'AWSSecretsManager', /^AWSSecretsManager-Secrets$/),
  select('sagemaker.ml_storage_volume', 'GB-month', 'AmazonSageMaker', /^(Train|Processing):VolumeUsage\.gp[23]$/),
];

/** Regions write their prefix before a usage type (`APS1-`, `EU-`, or the region's name); us-east-1 may have none. */
export const withoutRegion = (usageType: string): string =>
  usageType.replace(/^(?:[A-Z]{2,4}\d?|[a-z]{2}(?:-[a-z]+)+-\d)-/, '');

/** Instance of training or processing that an offer prices, outside Outposts and without spot; else undefined. */
export function instanceOf({ service, productFamily, attributes }: Offer): string | undefined {
  const { instanceName, component, locationType } = attributes;
  const isInstance = service === 'AmazonSageMaker' && productFamily === 'ML Instance';
  const isJob = component !== undefined && /^(Training|Processing)$/i.test(component);
  return isInstance && isJob && locationType === 'AWS Region' ? instanceName : undefined;
}

/** Glue bills by the DPU-hour under names that come with new versions: one that is not known may hide a dearer job. */
export const isDpuHour = ({ service, usageType }: Offer): boolean =>
  service === 'AWSGlue' && /DPU-Hour/i.test(usageType);

/** Usage types of Glue that no job run of a bound is billed under. Source: https://aws.amazon.com/glue/pricing (2026-11-20). */
export const IRRELEVANT_DPU_HOURS = [
  /^DEVED-DPU-Hour$/,
  /^GlueInteractiveSession-DPU-Hour$/,
  /^Optimization-DPU-Hour$/,
];
