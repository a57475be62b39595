import type { ColumnSchema } from './column-schema.ts';
import type { Expression } from './expression.ts';
import type { Engine } from './run-input.ts';

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

/** What the ingest job does: one run ingests the landing units of all sources that nobody published yet. */
export interface IngestProgram {
  readonly kind: 'ingest';
  readonly version: 2;
  /** Every source that is read, the label's first. */
  readonly sources: readonly SourceIngest[];
}

/**
 * What the ingest job does with raw files of one source, as data. The statements build on each other; the job
 * registers the view `raw` (every declared column as text, NULL for an empty field, plus `_unit` text, `_object` text,
 * `_line` bigint from 1 and `_damage` text, NULL for a well-formed record, plus `_record` text) and then creates the
 * view `typed` from `typed`, `accepted` from `accepted` and `quarantined` from `quarantined`.
 */
export interface SourceIngest {
  readonly source: string;
  /** Rows of a `static` table have no times: wherever `known_time` is named below, only `events` have it. */
  readonly kind: SourceKind;
  readonly format: { readonly kind: 'csv'; readonly delimiter: string; readonly quote: string };
  /** In the order of the file; the header must equal it. */
  readonly columns: readonly ColumnSchema[];
  readonly statements: {
    /**
     * SELECT over `raw`: `_unit`, `_object`, `_line`, `_record`, the declared columns typed (timestamps as TIMESTAMP in
     * UTC), `known_time` TIMESTAMP, `_reason` text (why the row is quarantined, NULL for a good row).
     */
    readonly typed: SqlByEngine;
    /**
     * SELECT over `typed`: `_unit`, `day` (text, ISO UTC day of the event time; of a static table its unit), the declared
     * columns, `known_time`.
     */
    readonly accepted: SqlByEngine;
    /** SELECT over `typed`: `_unit`, `_object`, `_line`, `_reason`, `_record`. */
    readonly quarantined: SqlByEngine;
  };
  /** Columns of `accepted` that order a unit's rows, so that a file's bytes are a function of its rows. */
  readonly orderBy: readonly string[];
  readonly checks: readonly CheckProgram[];
}

export const AGGREGATES = [
  'count',
  'count-distinct',
  'sum',
  'mean',
  'share',
  'variance',
  'min',
  'max',
  'first',
  'last',
  'last-n',
  'quantile',
  'latest',
] as const;
export type AggregateKind = (typeof AGGREGATES)[number];

/** An output column of an aggregate. */
export interface FeatureColumn {
  readonly name: string;
  /** Index into the view's windows; null: a `latest` value, which the ttl ends. */
  readonly window: number | null;
  /** Of `last-n`: 1 is the newest; null for every other kind. */
  readonly position: number | null;
}

/** One aggregate of a view, over one or several of its windows. */
export interface FeatureAggregate {
  readonly kind: AggregateKind;
  readonly name: string;
  /**
   * Column of the view's events that holds the operand. Null for a `count` of all rows; with a column, rows where it is
   * NULL take no part, which is how a filter reaches versions that were corrected.
   */
  readonly value: string | null;
  /** The operand counts units of 10^-scale: results that are no counts are divided by 10^scale, as float64. */
  readonly scale: number;
  /** Of `quantile`: the fraction in [0, 1] as decimal text; null for every other kind. */
  readonly quantile: string | null;
  /** What stands where there is no value, after the join; null: NULL stays. */
  readonly default: number | null;
  readonly columns: readonly FeatureColumn[];
}

/**
 * A window of label times: `(t - microseconds, t]` where its start is open and its end closed. With a hop the start is
 * rounded down to a multiple of it since 1970-01-01T00:00Z, and closed: `[floor(t - microseconds, hop), t]`, so that an
 * event counts until `floor(event, hop) + hop + microseconds`.
 */
export interface WindowProgram {
  readonly suffix: string;
  readonly microseconds: number;
  readonly hop: number | null;
  readonly start: WindowEnd;
  readonly end: WindowEnd;
}
export type WindowEnd = 'open' | 'closed';

export interface OperandColumn {
  readonly name: string;
  /** `integer` is a bigint, a boolean is 1 or 0; `text` only for `count-distinct`. */
  readonly type: 'integer' | 'double' | 'text';
}

export interface FeatureViewProgram {
  readonly name: string;
  /** Version of the view's meaning: a digest of this program without names that only its user sees. */
  readonly version: string;
  /** Whose view the events are selected from. */
  readonly source: string;
  /** Columns of `events`, and the `entityColumns` of `labels` that they equal, pairwise. */
  readonly entity: readonly { readonly event: string; readonly label: string }[];
  /**
   * SELECT over the source's view: the entity columns, `event_time` and `known_time` (bigint UTC microseconds; absent
   * where `timeless`), `row_key` (text, only where `corrects`), and the columns of `operands` and `content`. NULL
   * operands do not take part in their aggregate.
   */
  readonly events: SqlByEngine;
  /** A static table: its rows are known at every time. */
  readonly timeless: boolean;
  /** Whether rows with an equal `row_key` are versions of one fact (DESIGN.md section 5). */
  readonly corrects: boolean;
  readonly operands: readonly OperandColumn[];
  /** Columns of `events` that order rows with equal times, the first the most significant; NULL comes first. */
  readonly content: readonly string[];
  readonly windows: readonly WindowProgram[];
  /** TTL of `latest` in microseconds; null: no end. */
  readonly ttl: number | null;
  readonly aggregates: readonly FeatureAggregate[];
}

/** `events` have times; a `static` table is its newest unit as a whole, known at any time. */
export type SourceKind = 'events' | 'static';

/** Rows of a source as the jobs see them: the declared columns, of `events` also `known_time`. */
export interface SourceSchema {
  readonly name: string;
  readonly kind: SourceKind;
  readonly columns: readonly ColumnSchema[];
  /**
   * How far before a label time rows are read, in microseconds: as views of the source look back, and as labels from it
   * are made after their event. Null: from the beginning.
   */
  readonly lookbackMicroseconds: number | null;
}

export type SplitProgram =
  | {
      readonly kind: 'by-time';
      readonly train: number;
      readonly validation: number;
      readonly test: number;
      /** A row whose label became known later than the next split's first label time minus this is purged. */
      readonly embargoMicroseconds: number;
    }
  | {
      readonly kind: 'by-entity';
      /** Columns of `labels`: rows with equal values go to one part, by a stable hash. */
      readonly entity: readonly string[];
      readonly train: number;
      readonly validation: number;
      readonly test: number;
    };

/** A column that tells whom a row is of: bigint or text, of one type in labels and events. */
export interface EntityColumn {
  readonly name: string;
  readonly type: 'integer' | 'text';
}

/** What the training-set job computes, as data: labels, views, split. The kernel knows nothing of pipelines. */
export interface TrainingSetProgram {
  readonly kind: 'training-set';
  readonly version: 3;
  readonly pipeline: string;
  /** Every source that is read, the label's first. */
  readonly sources: readonly SourceSchema[];
  /**
   * SELECT over the view named like the label's source: `label_time`, `known_time` (bigint UTC microseconds), `label`
   * (bigint 0/1), `entityColumns`, the from-label feature columns (bigint or double).
   * The job keeps rows with `slot - history <= label_time < slot` and `known_time <= slot`.
   */
  readonly labels: SqlByEngine;
  /** Each row of the label's source gives its label by itself; false where the newest version of a fact is judged. */
  readonly labelsByRow: boolean;
  /** Columns of `labels` that the set carries for audits; they are no features. */
  readonly entityColumns: readonly EntityColumn[];
  /** Columns of `labels` that are features as they are. */
  readonly labelFeatures: readonly string[];
  readonly views: readonly FeatureViewProgram[];
  /** Each reads only features before it; the column nodes of an expression are names of features, as doubles. */
  readonly derived: readonly { readonly name: string; readonly expression: Expression }[];
  /** Every feature of the set, in its order: what the model sees. */
  readonly features: readonly string[];
  readonly historyMicroseconds: number;
  readonly split: SplitProgram;
}
