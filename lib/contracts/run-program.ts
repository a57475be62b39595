import type { Metrics } from './model.ts';

/** A promotion rule: what the candidate must show on the test split. */
export type Gate =
  | { readonly kind: 'exceeds-base-rate'; readonly metric: keyof Metrics; readonly by: number }
  | { readonly kind: 'no-worse-than-champion'; readonly metric: keyof Metrics };

/**
 * What the handlers need to know of a plan, as a file beside the jobs' programs. Nothing in it depends on where or
 * when it was rendered; code digest, image and bucket reach the handlers through their environment.
 */
export interface RunProgram {
  readonly version: 1;
  readonly pipeline: string;
  readonly source: string;
  /** SHA-256 of the ingest program and the training-set program, as written. */
  readonly ingestDigest: string;
  readonly trainingSetDigest: string;
  readonly historyMicroseconds: number;
  /** Longest window or TTL: how far before the first label time events are read; null: from the beginning. */
  readonly lookbackMicroseconds: number | null;
  readonly trials: readonly { readonly index: number; readonly hyperparameters: Readonly<Record<string, string>> }[];
  /** Tries of each job in total, the first included. */
  readonly triesPerJob: number;
  readonly seed: number;
  readonly selectBy: keyof Metrics;
  readonly gates: readonly Gate[];
  readonly monthBudgetUsd: string;
  readonly runBudgetUsd: string;
}
