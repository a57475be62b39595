import type { Engine, SourceRevision } from './run-input.ts';

/** Where an object lies, for states that call S3 themselves. */
export interface ObjectLocation {
  readonly bucket: string;
  readonly key: string;
}

/** What every handler of a run is told about it. */
export interface ExecutionContext {
  readonly slot: string;
  readonly attempt: number;
  readonly engine: Engine;
  readonly revision: SourceRevision;
  /** Execution name and ARN; `startTime` is ISO 8601 UTC. */
  readonly execution: string;
  readonly executionArn: string;
  readonly startTime: string;
}

export interface AdmitRunInput extends ExecutionContext {
  /** With which the state machine was rendered: SHA-256 of the templates from which its bound was computed. */
  readonly definitionDigest: string;
}
export type AdmitRunOutput = (
  | { readonly admitted: true; readonly boundUsd: string; readonly remainingUsd: string }
  | { readonly admitted: false; readonly reason: string }
) & {
  /** Executions that ended and hold their bound, for they could not be settled, each with the reason; absent: none. */
  readonly unsettled?: readonly string[];
};

export type FreezeInputsInput = ExecutionContext;
export interface FreezeInputsOutput {
  readonly units: number;
  readonly objects: number;
  readonly bytes: number;
  readonly ingest: {
    readonly needed: boolean;
    readonly batch: string;
    readonly units: number;
    /** URI of the `IngestInputs`; written only where needed. */
    readonly inputs: string;
  };
  readonly trainingSet: {
    readonly fingerprint: string;
    readonly published: boolean;
    /** URI of the `TrainingSetInputs`. */
    readonly inputs: string;
    /** Key prefix `training-sets/<pipeline>/<fingerprint>/`. */
    readonly prefix: string;
    readonly manifest: ObjectLocation;
  };
  readonly audit: {
    readonly published: boolean;
    /** Key prefix below which the report is published. */
    readonly prefix: string;
    /** Where the `AuditReport` lies, or will. */
    readonly report: ObjectLocation;
  };
  readonly trials: readonly TrialItem[];
}

/** One item of the Map over trials. */
export interface TrialItem {
  readonly index: number;
  readonly fingerprint: string;
  readonly published: boolean;
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** Key prefixes, ending in `/`. */
  readonly prefix: string;
  readonly checkpoints: string;
}

export interface PublishPartitionsInput {
  readonly execution: string;
  readonly batch: string;
  readonly attempt: string;
}
export interface PublishPartitionsOutput {
  readonly units: number;
  readonly rows: number;
  readonly quarantined: number;
  readonly partitions: number;
}

export interface PublishTrialInput {
  readonly trial: TrialItem;
  readonly job: string;
  /** `TrainingJobStatus` of the job's description: anything but `Completed` is refused. */
  readonly status: string;
}
export interface PublishTrialOutput {
  readonly index: number;
  readonly fingerprint: string;
}

export interface FreezeEvaluationInput extends ExecutionContext {
  readonly trainingSet: string;
  /** Trials that are published; at least one, else `NoTrialFinished`. */
  readonly trials: readonly { readonly index: number; readonly fingerprint: string }[];
}
export interface FreezeEvaluationOutput {
  readonly key: string;
  readonly published: boolean;
  /** Where the published report lies; null where the evaluation is to be made. */
  readonly report: ObjectLocation | null;
  /** URIs: `EvaluationInputs`, and SageMaker's manifest file of the archives to download. */
  readonly inputs: string;
  readonly contenders: string;
  /** Key prefix below which attempts write `<attempt>/report.json`. */
  readonly prefix: string;
}

export interface RegisterModelInput extends ExecutionContext {
  readonly trainingSet: string;
  readonly evaluationKey: string;
  readonly report: ObjectLocation;
  readonly decision: 'approved' | 'candidate';
  /** Names of the gates that failed, empty when approved. */
  readonly failedGates: readonly string[];
}
export interface RegisterModelOutput {
  readonly version: number;
  /** `candidate` also when the champion changed since the evaluation: the conditional promotion lost. */
  readonly status: 'approved' | 'candidate';
  readonly reasons: readonly string[];
  readonly modelPackageArn: string;
}

/** From the state machine, whose last task this is. */
export interface SettleRunInput {
  readonly execution: string;
  readonly executionArn: string;
  readonly startTime: string;
  /** Whether a try of a state failed, repeated or not: then a job that was being started may not be listed yet. */
  readonly failed: boolean;
}
export interface SettleRunOutput {
  readonly receipt: ObjectLocation;
  readonly boundUsd: string;
  readonly billedUsd: string;
  /** Whether every job that is known is terminal. */
  readonly complete: boolean;
  /** Whether nothing is held for the run any more; only when it is complete and no job can appear any more. */
  readonly released: boolean;
}

/** EventBridge Scheduler → starter function: `<aws.scheduler.scheduled-time>`. */
export interface StartRunInput {
  readonly scheduledTime: string;
}

/** Environment of the handlers, one name each; a handler reads only those that it uses. */
export const HANDLER_ENVIRONMENT = {
  bucket: 'DATA_BUCKET',
  runProgram: 'RUN_PROGRAM_URI',
  runProgramDigest: 'RUN_PROGRAM_SHA256',
  priceBook: 'PRICE_BOOK_URI',
  region: 'PRICE_REGION',
  codeDigest: 'CODE_DIGEST',
  lockDigest: 'LOCK_DIGEST',
  image: 'TRAINING_IMAGE',
  boundUsd: 'RUN_BOUND_USD',
  definitionDigest: 'DEFINITION_DIGEST',
  stateBounds: 'STATE_BOUNDS',
  catalogDatabase: 'CATALOG_DATABASE',
  modelPackageGroup: 'MODEL_PACKAGE_GROUP',
  stateMachine: 'STATE_MACHINE_ARN',
  ingestJob: 'INGEST_JOB_NAME',
  trainingSetJob: 'TRAINING_SET_JOB_NAME',
  auditJob: 'AUDIT_JOB_NAME',
  revision: 'SOURCE_REVISION',
} as const;
