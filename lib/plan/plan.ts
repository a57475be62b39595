import type { ColumnSchema } from '../contracts/column-schema.ts';
import type { Expression } from '../contracts/expression.ts';
import type {
  AggregateKind,
  FeatureColumn,
  SourceKind,
  SplitProgram,
  WindowProgram,
} from '../contracts/job-program.ts';
import type { Metrics } from '../contracts/model.ts';
import type { Gate } from '../contracts/run-program.ts';
import type { QualityCheck } from '../definition/quality-check.ts';
import type { Usd } from '../units/usd.ts';
import type { RowReason } from './row-reasons.ts';

/** A column, and how its texts are read. */
export interface ReadColumn extends ColumnSchema {
  /** Of a double: texts of no finite number are NULL; else they are no double. */
  readonly notFinite: 'null' | null;
  /** Of a timestamp: texts are clock times of a place; else they carry their offset. */
  readonly clock?: ReadClock;
}

/** Whose clocks are read, and which of two moments is meant that they show alike; null: neither. */
export interface ReadClock {
  readonly zone: string;
  readonly repeated: 'earlier' | 'later' | null;
}

/** What is known of a source's rows: how they are read, cast, judged and dated. */
export interface PlannedIngest {
  readonly format: { readonly kind: 'csv'; readonly delimiter: string; readonly quote: string };
  /** In the order of the file. */
  readonly columns: readonly ReadColumn[];
  /** A timestamp column; null: of a static table. */
  readonly eventTime: string | null;
  /** A timestamp expression over the columns; null: of a static table. */
  readonly knownTime: Expression | null;
  /** Columns whose equal values mean versions of one fact; null: nothing is corrected. */
  readonly key: readonly string[] | null;
  /** Columns of a static table whose values no two rows of a unit share; null: of events. */
  readonly uniqueKey: readonly string[] | null;
  /** Why a row is quarantined once it is typed; the first that fails counts. */
  readonly reasons: readonly RowReason[];
  readonly checks: readonly QualityCheck[];
}

export interface PlannedAggregate {
  readonly name: string;
  readonly kind: AggregateKind;
  /** Null for `count`, which is of nothing. */
  readonly operand: Expression | null;
  /** Boolean: rows that do not satisfy it take no part in this aggregate; null: all do. */
  readonly where: Expression | null;
  /** Digits after the point to which a double is rounded before it is added up; null: the operand is taken as it is. */
  readonly scale: number | null;
  /** Of `quantile`: the fraction in [0, 1] as decimal text; null for every other kind. */
  readonly quantile: string | null;
  readonly default: number | null;
  readonly columns: readonly FeatureColumn[];
}

/** Files of one source, and how far they are read. */
export interface PlannedSource {
  readonly name: string;
  readonly kind: SourceKind;
  readonly columns: readonly ColumnSchema[];
  readonly ingest: PlannedIngest;
  /** How far before the first label time its events are read; null: from the beginning. Of a static table of no meaning. */
  readonly lookbackMicroseconds: number | null;
}

export interface PlannedView {
  readonly name: string;
  readonly source: string;
  /** Text or integer columns of the view's source, and the columns of the label's source that they equal, pairwise. */
  readonly entity: readonly { readonly event: string; readonly label: string }[];
  /** Boolean; null: every event takes part. */
  readonly where: Expression | null;
  /** Distinct, the shortest first. */
  readonly windows: readonly WindowProgram[];
  /** Of `latest`; null: no end. */
  readonly ttlMicroseconds: number | null;
  readonly aggregates: readonly PlannedAggregate[];
}

/** A pipeline, decided: immutable data from which state machine, programs and resources are rendered. */
export interface Plan {
  readonly version: 1;
  /** Lowercase letters, digits and hyphens, at most 24 characters: it begins job and resource names. */
  readonly pipeline: string;
  readonly region: string;
  /** The label's first. */
  readonly sources: readonly [PlannedSource, ...PlannedSource[]];
  /** Label time (timestamp) and label (boolean) of each row of the source; where either is null there is no label. */
  readonly label: { readonly at: Expression; readonly is: Expression };
  /** Numbers or booleans of the label's own row, in the order of the set. */
  readonly labelFeatures: readonly { readonly name: string; readonly value: Expression }[];
  readonly views: readonly PlannedView[];
  /** Features made of features: their names in the order of the set, and how to compute them, each after what it reads. */
  readonly derived: {
    readonly names: readonly string[];
    readonly steps: readonly { readonly name: string; readonly expression: Expression }[];
  };
  /** Label times of a run lie in `[slot - history, slot)`. */
  readonly historyMicroseconds: number;
  readonly split: SplitProgram;
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
    /** Managed spot; null: on demand. */
    readonly spot: {
      /** The most of waiting and running together. */
      readonly maxWaitSeconds: number;
      /** Between two checkpoints, of a job that takes all of its time: segments are rounds, which take about the same. */
      readonly checkpointSeconds: number;
    } | null;
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
