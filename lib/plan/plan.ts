import type { ColumnSchema } from '../contracts/job-program.ts';
import type { Metrics } from '../contracts/model.ts';
import type { Gate } from '../contracts/run-program.ts';
import type { Usd } from '../units/usd.ts';

/** A pipeline, decided: immutable data from which state machine, programs and resources are rendered. */
export interface Plan {
  readonly version: 1;
  /** Lowercase letters, digits and hyphens, at most 24 characters: it begins job and resource names. */
  readonly pipeline: string;
  readonly region: string;
  readonly columns: readonly ColumnSchema[];
  readonly source: string;
  readonly schedule: {
    /** Five fields as a crontab has them, in the zone. */
    readonly cron: string;
    /** IANA name. */
    readonly zone: string;
  };
  readonly glue: {
    readonly version: '6.0';
    readonly workerType: string;
    /** The most workers that auto scaling may use. */
    readonly workers: number;
    readonly timeoutMinutes: number;
  };
  readonly training: {
    readonly instance: string;
    readonly volumeGb: number;
    readonly maxRuntimeSeconds: number;
    /** Managed spot: the most seconds of waiting and running together; null: on demand. */
    readonly maxWaitSeconds: number | null;
    /** Training jobs at once. */
    readonly concurrency: number;
  };
  readonly evaluation: { readonly instance: string; readonly volumeGb: number; readonly maxRuntimeSeconds: number };
  /** Tries of one job in total, over all of its retriers. */
  readonly triesPerJob: number;
  readonly bounds: { readonly run: Usd; readonly month: Usd };
  readonly gates: readonly Gate[];
  readonly selectBy: keyof Metrics;
  readonly seed: number;
  readonly trials: readonly { readonly index: number; readonly hyperparameters: Readonly<Record<string, string>> }[];
}
