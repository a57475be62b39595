import type { ReceiptLine } from '../contracts/ledger.ts';
import { GLUE_MINIMUM_SECONDS, glueDpus, gluePriceItem, glueUsd } from '../cost/meters/glue-rates.ts';
import { COLD_START_SECONDS, lambdaUsd } from '../cost/meters/lambda-rates.ts';
import { instanceUsd, volumeUsd } from '../cost/meters/sagemaker-rates.ts';
import { type PriceBook, priceOf } from '../cost/price-book.ts';
import { must } from '../errors/fault.ts';
import { addUsd, scaleUsd, usdToDecimal } from '../units/usd.ts';
import { type GlueRunRecord, isGlueRun, type JobRecord, type SageMakerJobRecord } from './job-record.ts';

/** States that start the jobs, as the state machine names them. */
const STATE_OF_JOB = {
  ingest: 'Ingest and check',
  'training-set': 'Build training set',
  audit: 'Audit training set',
  trial: 'Train trial',
  evaluation: 'Evaluate',
} as const satisfies Record<JobRecord['kind'], string>;

/** The states that start jobs, in the order of a run. */
export const JOB_STATES: readonly string[] = Object.values(STATE_OF_JOB);
/** Stands for the run as a whole, where something belongs to no state that starts jobs. */
export const WHOLE_RUN = 'run';

/** What is not read from AWS but taken at its most. */
export interface AssumedUse {
  readonly transitions: number;
  readonly lambda: readonly {
    readonly invocations: number;
    readonly memoryMb: number;
    readonly timeoutSeconds: number;
  }[];
}

/**
 * What a job was billed so far, by the seconds that AWS reports.
 * @throws UserError `missing-price`
 */
export function jobLines(job: JobRecord, book: PriceBook): readonly ReceiptLine[] {
  return isGlueRun(job) ? [glueLine(job, book)] : sageMakerLines(job, book);
}

/** Orchestration, at its most. @throws UserError `missing-price` */
export const assumedLines = ({ transitions, lambda }: AssumedUse, book: PriceBook): readonly ReceiptLine[] => [
  transitionLine(transitions, book),
  lambdaLine(lambda, book),
];

/**
 * A run that executed is billed a minute of its workers at least. With auto scaling it may be less: what AWS rounds up
 * there is not documented, so that the minute counts for all workers.
 */
function glueLine(run: GlueRunRecord, book: PriceBook): ReceiptLine {
  const dpus = must(glueDpus(run.workerType, run.workers), `a Glue worker type of known size, not ${run.workerType}`);
  const item = must(gluePriceItem(run.glueVersion), `a Glue version with a price, not ${run.glueVersion}`);
  const used = run.dpuSeconds ?? run.executionSeconds * dpus;
  const quantity = used === 0 ? 0 : Math.max(used, GLUE_MINIMUM_SECONDS * dpus);
  const amount = glueUsd(quantity, priceOf(book, item));
  return line(run, { meter: 'glue', quantity, unit: 'DPU-second', usd: usdToDecimal(amount) });
}

function sageMakerLines(job: SageMakerJobRecord, book: PriceBook): readonly ReceiptLine[] {
  const instanceSeconds = job.billedSeconds * job.count;
  const gigabytes = job.volumeGb * job.count;
  const instances = line(job, {
    meter: job.kind === 'trial' ? 'sagemaker-training' : 'sagemaker-processing',
    quantity: instanceSeconds,
    unit: 'instance-second',
    usd: usdToDecimal(instanceUsd(job.instance, instanceSeconds, book)),
  });
  const volume = line(job, {
    meter: 'sagemaker-volume',
    quantity: gigabytes * job.volumeSeconds,
    unit: 'GB-second',
    usd: usdToDecimal(volumeUsd(gigabytes, job.volumeSeconds, book)),
  });
  return [instances, volume];
}

const line = (job: JobRecord, billed: Omit<ReceiptLine, 'state' | 'job'>): ReceiptLine => ({
  state: STATE_OF_JOB[job.kind],
  job: job.id,
  ...billed,
});

function transitionLine(transitions: number, book: PriceBook): ReceiptLine {
  const amount = scaleUsd(priceOf(book, 'stepfunctions.standard.transition'), transitions);
  return {
    state: WHOLE_RUN,
    meter: 'transitions',
    job: null,
    quantity: transitions,
    unit: 'transition',
    usd: usdToDecimal(amount),
  };
}

/** Every invocation with a cold start and until its timeout; the functions run on arm64. */
function lambdaLine(functions: AssumedUse['lambda'], book: PriceBook): ReceiptLine {
  const perSecond = priceOf(book, 'lambda.gb_second.arm');
  const perRequest = priceOf(book, 'lambda.request');
  const amounts = functions.map(({ invocations, memoryMb, timeoutSeconds }) =>
    scaleUsd(lambdaUsd(memoryMb, (timeoutSeconds + COLD_START_SECONDS) * 1_000, perSecond, perRequest), invocations),
  );
  return {
    state: WHOLE_RUN,
    meter: 'lambda',
    job: null,
    quantity: functions.reduce((sum, { invocations }) => sum + invocations, 0),
    unit: 'invocation',
    usd: usdToDecimal(addUsd(...amounts)),
  };
}
