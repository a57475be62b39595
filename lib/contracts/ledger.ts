/** One execution's claim on a month's budget. Amounts are exact decimal strings in USD. */
export interface Reservation {
  readonly execution: string;
  readonly executionArn: string;
  /** When the execution started, ISO 8601 UTC; absent where it was not recorded. */
  readonly startTime?: string;
  readonly boundUsd: string;
  /** SHA-256 of the templates from which the bound was computed; absent where it was not recorded. */
  readonly definitionDigest?: string;
  readonly state: 'reserved' | 'settled';
  /** What its jobs were billed; null until settled. */
  readonly billedUsd: string | null;
}

/** `ledger/<pipeline>/<month>.json`, changed only by conditional writes. */
export interface Ledger {
  readonly version: 1;
  readonly pipeline: string;
  /** UTC month in which the executions started: `2026-11`. */
  readonly month: string;
  readonly budgetUsd: string;
  readonly reservations: readonly Reservation[];
}

export const RECEIPT_METERS = [
  'glue',
  'sagemaker-training',
  'sagemaker-processing',
  'sagemaker-volume',
  'transitions',
  'lambda',
] as const;
export type ReceiptMeter = (typeof RECEIPT_METERS)[number];

export interface ReceiptLine {
  /** State that made the call, or `run` for what belongs to no single state. */
  readonly state: string;
  readonly meter: ReceiptMeter;
  /** Job run id or job name; null where there is none. */
  readonly job: string | null;
  readonly quantity: number;
  readonly unit: string;
  readonly usd: string;
}

/** What a state could have cost, all of its tries, beside what it was billed. */
export interface StateReceipt {
  /** A state that starts jobs, or `run` for everything else: transitions, functions, reads. */
  readonly state: string;
  /** Null where the parts of the bound are not known: it was computed by another deployment. */
  readonly boundUsd: string | null;
  readonly billedUsd: string;
}

/** What a run was billed beside what it could have cost. */
export interface Receipt {
  readonly version: 1;
  readonly execution: string;
  /** SHA-256 of the templates from which the bound was computed; absent where nothing was reserved or recorded. */
  readonly definitionDigest?: string;
  readonly boundUsd: string;
  readonly billedUsd: string;
  /** Both amounts by state: each column adds up to its total. Absent in receipts of earlier versions. */
  readonly states?: readonly StateReceipt[];
  readonly lines: readonly ReceiptLine[];
  /** False while a job of the run is not terminal: then nothing was released for it. */
  readonly complete: boolean;
  /** Jobs that were not terminal when they were last seen. Absent in receipts of earlier versions. */
  readonly open?: readonly string[];
  /** What is upper-bounded rather than read: transitions and Lambda time. */
  readonly assumed: readonly ReceiptMeter[];
}
