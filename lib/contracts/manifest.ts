import type { ColumnSchema } from './column-schema.ts';

/** An object as a listing saw it. `key` is relative to the data bucket. */
export interface ObjectVersion {
  readonly key: string;
  readonly size: number;
  /** As S3 gives it, with its quotes removed: the MD5 of a single-part upload, opaque otherwise. */
  readonly etag: string;
  readonly versionId?: string;
}

export interface LandingUnit {
  readonly source: string;
  /** The folder's name under raw: an ISO day. */
  readonly unit: string;
  readonly objects: readonly ObjectVersion[];
  /** Of the ingest stage over exactly these objects. */
  readonly fingerprint: string;
}

/** What a slot reads: written once a slot (`slotInputsKey`), input of ingest and training set. */
export interface InputManifest {
  readonly version: 2;
  readonly pipeline: string;
  readonly slot: string;
  /** By source, in the order of the program, then by day. */
  readonly units: readonly LandingUnit[];
}

/** What one ingest job is to ingest: the units of a slot, of whichever source, that nobody published yet. */
export interface IngestInputs {
  readonly version: 2;
  readonly batch: string;
  readonly units: readonly LandingUnit[];
}

export interface DataFile {
  /** Relative to the data bucket. */
  readonly key: string;
  readonly size: number;
  readonly rows: number;
  readonly sha256: string;
}

export interface CheckResult {
  readonly name: string;
  readonly measure: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly passed: boolean;
}

export interface UnitReport {
  readonly source: string;
  readonly unit: string;
  readonly fingerprint: string;
  readonly rows: number;
  readonly accepted: number;
  readonly quarantined: number;
  /** Rows per quarantine reason. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly checks: readonly CheckResult[];
  readonly files: readonly (DataFile & { readonly day: string })[];
  readonly quarantineFiles: readonly DataFile[];
}

/** `<ingest attempt prefix>report.json`: everything the ingest job saw and wrote, unit by unit. */
export interface IngestReport {
  readonly version: 2;
  readonly batch: string;
  readonly attempt: string;
  readonly units: readonly UnitReport[];
}

/** `<ingest attempt prefix>quality.json`: small enough for a state (below 32 KB), the verdict first. */
export interface QualityReport {
  readonly version: 1;
  readonly passed: boolean;
  readonly rows: number;
  readonly accepted: number;
  readonly quarantined: number;
  readonly units: number;
  /** At most ten, for people: `flights/2001-01-05: rowCount >= 1000 was 12`. */
  readonly failures: readonly string[];
  readonly failureCount: number;
  /** Quarantine reasons over all units, most frequent first, at most ten. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
}

/** Publishes one landing unit: the attempt whose files readers read. */
export interface UnitManifest {
  readonly version: 1;
  readonly source: string;
  readonly unit: string;
  readonly fingerprint: string;
  readonly batch: string;
  readonly attempt: string;
  readonly rows: number;
  readonly quarantined: number;
  readonly files: readonly (DataFile & { readonly day: string })[];
  readonly quarantineFiles: readonly DataFile[];
}

/** `trainingSetInputsKey` of an execution: which published units the training-set job reads. */
export interface TrainingSetInputs {
  readonly version: 2;
  readonly slot: string;
  readonly fingerprint: string;
  /**
   * Fingerprint of the engine and the code: label days that other sets of the same computed are reused. Absent in inputs
   * of earlier releases: nothing is reused.
   */
  readonly code?: string;
  /** `manifest` is the key of a `UnitManifest`. */
  readonly units: readonly { readonly source: string; readonly unit: string; readonly manifest: string }[];
}

export const SPLITS = ['train', 'validation', 'test'] as const;
export type Split = (typeof SPLITS)[number];

export interface SplitSummary {
  readonly rows: number;
  readonly positives: number;
  /** First and last label time, inclusive, ISO 8601 UTC with microseconds; null in an empty split. */
  readonly from: string | null;
  readonly to: string | null;
  /** When the last label of the split became known; null in an empty split. */
  readonly knownUntil: string | null;
  /** Rows left out because their label was not known before the next split begins. */
  readonly purged: number;
}

/** A column of a set that the model sees, and how its value came about. */
export interface FeatureSchema extends ColumnSchema {
  /** The view that gives it; null: the label's own row, or an expression over others; absent in sets of earlier releases. */
  readonly view?: string | null;
  /** What stands where there was no value; null: NULL stayed. */
  readonly default: number | null;
  /** The `Expression` of a derived feature. */
  readonly derived?: { readonly kind: string };
}

/** Bytes of a source's curated files: those that were opened, and all that are published in the units of the slot. */
export interface SourceBytes {
  readonly name: string;
  readonly bytesRead: number;
  readonly bytesPresent: number;
}

/** Publishes a training set; small, the files are listed in `files`. */
export interface TrainingSetManifest {
  readonly version: 1;
  readonly pipeline: string;
  readonly slot: string;
  readonly fingerprint: string;
  readonly attempt: string;
  /** Key prefix below which `train/`, `validation/` and `test/` lie: ends in `/`. */
  readonly prefix: string;
  readonly splits: Readonly<Record<Split, SplitSummary>>;
  readonly label: string;
  readonly features: readonly FeatureSchema[];
  /** Each is recorded whole below `featureViewKey`. */
  readonly views: readonly { readonly name: string; readonly version: string }[];
  /** Key and digest of the list of all files (`DataFile[]` with `split`). */
  readonly files: { readonly key: string; readonly sha256: string; readonly count: number; readonly bytes: number };
  /** Key and digest of the training distribution of every feature. */
  readonly distribution: { readonly key: string; readonly sha256: string };
  readonly sources: readonly SourceBytes[];
  /** Of all sources. */
  readonly bytesRead: number;
  readonly bytesPresent: number;
  /** Of the label days of the set, those that were computed for another one, and their rows before split and purge. */
  readonly reused?: { readonly days: number; readonly labelDays: number; readonly rows: number };
  /** Keys and digests of the program and the inputs that gave the set, beside its files; absent in sets of earlier releases. */
  readonly program?: { readonly key: string; readonly sha256: string };
  readonly inputs?: { readonly key: string; readonly sha256: string };
}

/** Distribution of one feature in the training split: `shares[i]` of rows lie in `(edges[i-1], edges[i]]`, the outer bins open. */
export interface FeatureDistribution {
  readonly name: string;
  readonly edges: readonly number[];
  /** One more than `edges`; with `nullShare` they add up to 1. */
  readonly shares: readonly number[];
  readonly nullShare: number;
}
