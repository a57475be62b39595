/** A Glue job run as far as it is billed. */
export interface GlueRunRecord {
  readonly kind: 'ingest' | 'training-set' | 'audit';
  readonly id: string;
  readonly status: string;
  readonly glueVersion: string;
  readonly workerType: string;
  readonly workers: number;
  readonly executionSeconds: number;
  /** Given for runs with auto scaling; null: all workers ran for the execution time. */
  readonly dpuSeconds: number | null;
}

/** A SageMaker job as far as it is billed. */
export interface SageMakerJobRecord {
  readonly kind: 'trial' | 'evaluation';
  readonly id: string;
  readonly status: string;
  readonly instance: string;
  readonly count: number;
  readonly volumeGb: number;
  /** Of one instance; spot savings are already out of it. */
  readonly billedSeconds: number;
  /** For which the volumes were held. */
  readonly volumeSeconds: number;
}

export type JobRecord = GlueRunRecord | SageMakerJobRecord;

export const isGlueRun = (job: JobRecord): job is GlueRunRecord => 'glueVersion' in job;
export const isSageMakerJob = (job: JobRecord): job is SageMakerJobRecord => !isGlueRun(job);

/**
 * Where nothing is billed any more.
 * Source: https://docs.aws.amazon.com/glue/latest/dg/job-run-statuses.html,
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html (2026-11-20).
 */
const TERMINAL_STATUSES: ReadonlySet<string> = new Set([
  'SUCCEEDED',
  'FAILED',
  'STOPPED',
  'TIMEOUT',
  'ERROR',
  'EXPIRED',
  'Completed',
  'Failed',
  'Stopped',
  'Deleting',
]);

const STOPPING_STATUSES: ReadonlySet<string> = new Set(['STOPPING', 'Stopping']);

/** An unknown status is not terminal: a job is billed until AWS says otherwise. */
export const isTerminal = ({ status }: JobRecord): boolean => TERMINAL_STATUSES.has(status);

/** Whether the job would go on if nobody stopped it. */
export const isRunning = (job: JobRecord): boolean => !isTerminal(job) && !STOPPING_STATUSES.has(job.status);
