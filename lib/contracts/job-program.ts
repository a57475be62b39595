import type { Engine } from './run-input.ts';

/** Logical types of a column; timestamps are UTC microseconds wherever they are numbers. */
export const COLUMN_TYPES = ['text', 'integer', 'double', 'boolean', 'timestamp'] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export interface ColumnSchema {
  readonly name: string;
  readonly type: ColumnType;
}

/** A text per engine: the same meaning, spelled in each one's SQL. */
export type SqlByEngine = Readonly<Record<Engine, string>>;

/** A check over the typed rows of one landing unit: `min <= measure <= max`, both ends inclusive. */
export interface CheckProgram {
  /** For people, for example `rowCount >= 1000`. */
  readonly name: string;
  /** A SQL aggregate over the columns of `typed`, numeric; NULL fails the check. */
  readonly measure: SqlByEngine;
  readonly min: number | null;
  readonly max: number | null;
}

/**
 * What the ingest job does with raw files of one source, as data. The statements build on each other; the job
 * registers the view `raw` (every declared column as text, NULL for an empty field, plus `_unit` text, `_object` text,
 * `_line` bigint from 1 and `_damage` text, NULL for a well-formed record, plus `_record` text) and then creates the
 * view `typed` from `typed`, `accepted` from `accepted` and `quarantined` from `quarantined`.
 */
export interface IngestProgram {
  readonly kind: 'ingest';
  readonly version: 1;
  readonly source: string;
  readonly format: { readonly kind: 'csv'; readonly delimiter: string; readonly quote: string };
  /** In the order of the file; the header must equal it. */
  readonly columns: readonly ColumnSchema[];
  readonly statements: {
    /**
     * SELECT over `raw`: `_unit`, `_object`, `_line`, `_record`, the declared columns typed (timestamps as TIMESTAMP in
     * UTC), `known_time` TIMESTAMP, `_reason` text (why the row is quarantined, NULL for a good row).
     */
    readonly typed: SqlByEngine;
    /** SELECT over `typed`: `_unit`, `day` (text, ISO UTC day of the event time), the declared columns, `known_time`. */
    readonly accepted: SqlByEngine;
    /** SELECT over `typed`: `_unit`, `_object`, `_line`, `_reason`, `_record`. */
    readonly quarantined: SqlByEngine;
  };
  /** Columns of `accepted` that order a unit's rows, so that a file's bytes are a function of its rows. */
  readonly orderBy: readonly string[];
  readonly checks: readonly CheckProgram[];
}

export const AGGREGATES = ['count', 'sum', 'mean', 'share', 'latest'] as const;
export type AggregateKind = (typeof AGGREGATES)[number];

/** One value of a view, over each of the view's windows (`latest`: once, the value in force). */
export interface FeatureAggregate {
  readonly name: string;
  readonly kind: AggregateKind;
  /**
   * Column of the view's events that holds the operand: bigint, 0/1 for `share`. Null for a `count` of all rows; with
   * a column it counts those where it is not NULL, which is how a filter reaches versions that were corrected.
   */
  readonly value: string | null;
}

export interface FeatureViewProgram {
  readonly name: string;
  /** Version of the view's meaning: a digest of this program without its name. */
  readonly version: string;
  /** Columns of `labels` and of `events` that identify the entity, in this order. */
  readonly entity: readonly string[];
  /**
   * SELECT over the source's view: the entity columns, `event_time` and `known_time` (bigint UTC microseconds),
   * `row_key` (text, only where `corrects`), and one bigint column per distinct operand (double where every aggregate
   * over it is `latest`). NULL operands do not take part in their aggregate.
   */
  readonly events: SqlByEngine;
  /** Whether rows with an equal `row_key` are versions of one fact (DESIGN.md section 5). */
  readonly corrects: boolean;
  /** Window lengths in microseconds, ascending, for everything but `latest`. A window is `(t - length, t]`. */
  readonly windows: readonly { readonly suffix: string; readonly microseconds: number }[];
  /** TTL of `latest` in microseconds; null: no end. */
  readonly ttl: number | null;
  /** Output column: `<view>__<aggregate>_<suffix>`, `<view>__<aggregate>` for `latest`. */
  readonly aggregates: readonly FeatureAggregate[];
}

/** What the training-set job computes, as data: labels, views, split. The kernel knows nothing of pipelines. */
export interface TrainingSetProgram {
  readonly kind: 'training-set';
  readonly version: 1;
  readonly pipeline: string;
  readonly source: string;
  readonly columns: readonly ColumnSchema[];
  /**
   * SELECT over the view named like the source: `label_time`, `known_time` (bigint UTC microseconds), `label` (bigint
   * 0/1), the entity columns of every view, the from-label feature columns (bigint or double). The job keeps rows with
   * `slot - history <= label_time < slot` and `known_time <= slot`.
   */
  readonly labels: SqlByEngine;
  /** Text columns of `labels` that the set carries for audits; they are no features. */
  readonly entityColumns: readonly string[];
  /** Columns of `labels` that are features as they are. */
  readonly labelFeatures: readonly string[];
  readonly views: readonly FeatureViewProgram[];
  /** Every feature of the set, in its order: what the model sees. */
  readonly features: readonly string[];
  readonly historyMicroseconds: number;
  readonly split: {
    readonly train: number;
    readonly validation: number;
    readonly test: number;
    /** A row whose label became known later than the next split's first label time minus this is purged. */
    readonly embargoMicroseconds: number;
  };
}
