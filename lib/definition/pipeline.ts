import type { Gate } from '../contracts/run-program.ts';
import type { Duration } from '../units/duration.ts';
import type { Usd } from '../units/usd.ts';
import type { CronSchedule } from './cron.ts';
import type { DerivedFeatures } from './derived.ts';
import type { FeatureView } from './feature-view.ts';
import type { Label, LabelFeatures } from './label.ts';
import type { Training } from './model.ts';
import type { Split } from './split.ts';

/** What the Glue jobs may use. */
export interface GlueLimits {
  readonly workerType?: 'G.1X' | 'G.2X' | 'G.4X' | 'G.8X';
  /** The most workers that auto scaling may use, at least 2. */
  readonly workers: number;
  /** A job run that takes longer is stopped: whole minutes. */
  readonly timeout: Duration;
}

/** What the evaluation job may use. */
export interface EvaluationLimits {
  readonly instance: string;
  readonly maxRuntime: Duration;
  /** Storage of the instance in GB; 30 where none is given. */
  readonly volumeGb?: number;
}

/** What gives a set its features. */
export type FeaturePart = FeatureView | LabelFeatures | DerivedFeatures;

export interface PipelineOptions {
  readonly label: Label;
  readonly features: readonly FeaturePart[];
  /** Label times of a run lie in `[slot - history, slot)`. */
  readonly history: Duration;
  readonly split: Split;
  readonly train: Training;
  /** All must hold for a candidate to be approved. */
  readonly gates: readonly Gate[];
  readonly schedule: CronSchedule;
  readonly glue: GlueLimits;
  readonly evaluate: EvaluationLimits;
  /** Tries of a job in total, over all of its retriers. */
  readonly triesPerJob: number;
  /** The most that a run, and that a UTC month of runs, may cost. */
  readonly bounds: { readonly run: Usd; readonly month: Usd };
  /** Prices and images differ by region: none, no bound. */
  readonly region: string;
}

/** A pipeline as its user wrote it: plain data, not yet checked (`checkDefinition`). */
export interface Definition extends PipelineOptions {
  readonly kind: 'pipeline';
  readonly name: string;
}

/** Everything from raw files to a registered model. */
export const pipeline = (name: string, options: PipelineOptions): Definition => ({
  ...options,
  kind: 'pipeline',
  name,
});
