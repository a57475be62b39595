import type { SourceKind } from './job-program.ts';
import type { Metrics } from './model.ts';

/** A promotion rule: what the candidate must show on the test split. */
export type Gate =
  | { readonly kind: 'exceeds-base-rate'; readonly metric: keyof Metrics; readonly by: number }
  | { readonly kind: 'no-worse-than-champion'; readonly metric: keyof Metrics };

/** A source as the handlers know it: which of its landing units a slot reaches, and what ingesting them depends on. */
export interface RunSource {
  readonly name: string;
  readonly kind: SourceKind;
  /** SHA-256 of the canonical JSON of its part of the ingest program. */
  readonly ingestDigest: string;
  /**
   * Longest window or TTL over it: how far before the first label time its events are read; null: from the beginning.
   * Of no meaning to a static table, whose newest unit is read.
   */
  readonly lookbackMicroseconds: number | null;
}

/**
 * What the handlers need to know of a plan, as a file beside the jobs' programs. Nothing in it depends on where or
 * when it was rendered; code digest, image and bucket reach the handlers through their environment.
 */
export interface RunProgram {
  readonly version: 2;
  readonly pipeline: string;
  /** The label's first. */
  readonly sources: readonly RunSource[];
  /** SHA-256 of the training-set program, as written. */
  readonly trainingSetDigest: string;
  readonly historyMicroseconds: number;
  readonly trials: readonly { readonly index: number; readonly hyperparameters: Readonly<Record<string, string>> }[];
  /** Tries of each job in total, the first included. */
  readonly triesPerJob: number;
  readonly seed: number;
  readonly selectBy: keyof Metrics;
  readonly gates: readonly Gate[];
  readonly monthBudgetUsd: string;
  readonly runBudgetUsd: string;
}
