import type { DeployedResource, Deployment } from './deployment.ts';
import { billed, type Prices } from './prices.ts';

/**
 * What one try of a task may spend, by the second: `spend(share)` for a share of its limit in 1/64ths. A task that
 * starts an execution spends what that execution spends.
 */
export type Call =
  | { readonly kind: 'job'; readonly most: bigint; readonly spend: (share: bigint) => bigint }
  | { readonly kind: 'execution'; readonly machine: string };

export const WHOLE_SHARE = 64n;

type Json = Readonly<Record<string, unknown>>;
type Spend = (share: bigint) => bigint;

/** Documented limits of what does not name its own. Sources: CreateJob, CreateFunction, CreateTrainingJob (2026-11-20). */
const DEFAULTS = { lambdaMemory: 128, lambdaSeconds: 3, trainingSeconds: 86_400, glueWorkers: 10 };

/** A call with arguments that are known, metered by the adversary's own reading of AWS's price pages. */
export function meterCall(resource: string, given: unknown, deployment: Deployment, prices: Prices): Call {
  const parameters = (typeof given === 'object' && given !== null ? given : {}) as Json;
  const action = resource.replace(/^arn:aws:states:::/, '').replace(/\.(sync(:2)?|waitForTaskToken)$/, '');
  const target = (value: unknown): string => resourceNamed(value, deployment);
  switch (action) {
    case 'states:startExecution':
    case 'aws-sdk:sfn:startExecution':
      return { kind: 'execution', machine: target(parameters['StateMachineArn']) };
    case 'lambda:invoke': {
      const tries = parameters['InvocationType'] === 'Event' ? 3n : 1n;
      const invocation = lambdaSpend(propertiesOf(target(parameters['FunctionName']), deployment), prices);
      return job((share) => tries * invocation(share));
    }
    case 'glue:startJobRun':
      return job(glueSpend({ ...propertiesOf(target(parameters['JobName']), deployment), ...parameters }, prices));
    case 'sagemaker:createTrainingJob':
      return job(trainingSpend(parameters, prices));
    case 'sagemaker:createProcessingJob':
      return job(processingSpend(parameters, prices));
    case 'sns:publish':
      return job(requests(prices.of('sns.publish'), 1_000_000n));
    case 'sqs:sendMessage':
      return job(requests(prices.of('sqs.standard.request'), 1n));
    case 'aws-sdk:s3:getObject':
      return job(() => prices.of('s3.get_and_other'));
    default:
      return job(lambdaSpend(propertiesOf(target(resource), deployment), prices));
  }
}

const job = (spend: Spend): Call => ({ kind: 'job', most: spend(WHOLE_SHARE), spend });

/** Messages of 1 MiB at most are billed by 64 KB. Source: https://aws.amazon.com/sqs/pricing (2026-11-20). */
const MOST_CHUNKS = 16n;

const requests =
  (price: bigint, per: bigint): Spend =>
  (share) =>
    billed(price, (MOST_CHUNKS * share + WHOLE_SHARE - 1n) / WHOLE_SHARE, per);

/** The logical id of the resource that a name, a reference or an ARN means. */
function resourceNamed(value: unknown, { resources }: Deployment): string {
  const reference = /<([^.>]+)(\.[^>]*)?>/.exec(String(value))?.[1];
  if (reference !== undefined) return reference;
  const found = [...resources].find(([, { Properties }]) =>
    ['Name', 'FunctionName', 'StateMachineName'].some((field) => Properties[field] === value),
  );
  if (found === undefined) throw new Error(`the adversary finds no resource ${String(value)}`);
  return found[0];
}

function propertiesOf(id: string, { resources }: Deployment): DeployedResource['Properties'] {
  const resource = resources.get(id);
  if (resource === undefined) throw new Error(`the adversary finds no resource ${id}`);
  return resource.Properties;
}

const objectIn = (parent: Json, field: string): Json => (parent[field] ?? {}) as Json;
/** A call with half an instance is refused, and spends nothing: the whole ones are more than that. */
const amountIn = (parent: Json, field: string, otherwise: number): bigint =>
  BigInt(Math.floor(Number(parent[field] ?? otherwise)));

/** Memory and temporary storage above 512 MB by the millisecond, a cold start of ten seconds included, and a request. */
function lambdaSpend(properties: Json, prices: Prices): Spend {
  const memory = amountIn(properties, 'MemorySize', DEFAULTS.lambdaMemory);
  const milliseconds = 1_000n * (10n + amountIn(properties, 'Timeout', DEFAULTS.lambdaSeconds));
  const storage = amountIn(objectIn(properties, 'EphemeralStorage'), 'Size', 512) - 512n;
  const architectures = properties['Architectures'];
  const isArm = Array.isArray(architectures) && architectures[0] === 'arm64';
  const memoryPrice = prices.of(isArm ? 'lambda.gb_second.arm' : 'lambda.gb_second.x86');
  const storagePrice = prices.of('lambda.ephemeral_storage_gb_second_above_512MB');
  return (share) => {
    const time = (milliseconds * share) / WHOLE_SHARE;
    const gigabytes = billed(memoryPrice, memory * time, 1_024_000n) + billed(storagePrice, storage * time, 1_024_000n);
    return gigabytes + prices.of('lambda.request');
  };
}

/** DPUs by the second, a minute at least, once more for each of the job's own retries. */
function glueSpend(properties: Json, prices: Prices): Spend {
  const version = String(properties['GlueVersion']);
  const type = String(properties['WorkerType'] ?? 'G.1X');
  const dpus = BigInt(type.replace(/\D/g, '')) * amountIn(properties, 'NumberOfWorkers', DEFAULTS.glueWorkers);
  const seconds = 60n * amountIn(properties, 'Timeout', Number(version) >= 5 ? 480 : 2_880);
  const runs = 1n + amountIn(properties, 'MaxRetries', 0);
  const kind =
    properties['ExecutionClass'] === 'FLEX' ? 'flex' : type.startsWith('R') ? 'memory_optimized_R' : 'standard';
  const price = prices.of(`glue.etl.${kind}.${version === '6.0' ? 'v6_0' : 'v5_1_and_earlier'}`);
  return (share) => {
    const used = (seconds * share) / WHOLE_SHARE;
    return runs * billed(price, dpus * (used < 60n ? 60n : used), 3_600n);
  };
}

/** Instances and volumes until the limit, and two minutes of stopping; waiting for spot counts as running. */
function trainingSpend(parameters: Json, prices: Prices): Spend {
  const stopping = objectIn(parameters, 'StoppingCondition');
  const limit = parameters['EnableManagedSpotTraining'] === true ? 'MaxWaitTimeInSeconds' : 'MaxRuntimeInSeconds';
  return instanceSpend(
    objectIn(parameters, 'ResourceConfig'),
    amountIn(stopping, limit, DEFAULTS.trainingSeconds),
    prices,
  );
}

function processingSpend(parameters: Json, prices: Prices): Spend {
  const cluster = objectIn(objectIn(parameters, 'ProcessingResources'), 'ClusterConfig');
  const seconds = amountIn(objectIn(parameters, 'StoppingCondition'), 'MaxRuntimeInSeconds', DEFAULTS.trainingSeconds);
  return instanceSpend(cluster, seconds, prices);
}

function instanceSpend(resources: Json, limit: bigint, prices: Prices): Spend {
  const count = amountIn(resources, 'InstanceCount', 1);
  const gigabytes = amountIn(resources, 'VolumeSizeInGB', 0);
  const instance = prices.of(`sagemaker.instance.${String(resources['InstanceType'])}`);
  const volume = prices.of('sagemaker.ml_storage_volume');
  return (share) => {
    const time = ((limit + 120n) * share) / WHOLE_SHARE;
    return billed(instance, count * time, 3_600n) + billed(volume, count * gigabytes * time, 730n * 3_600n);
  };
}
