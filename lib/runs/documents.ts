import type { ColumnSchema } from '../contracts/column-schema.ts';
import { COLUMN_TYPES } from '../contracts/column-schema.ts';
import type { Ledger, Receipt, ReceiptLine, Reservation, StateReceipt } from '../contracts/ledger.ts';
import { RECEIPT_METERS } from '../contracts/ledger.ts';
import type {
  CheckResult,
  DataFile,
  FeatureDistribution,
  FeatureSchema,
  IngestReport,
  InputManifest,
  LandingUnit,
  ObjectVersion,
  QualityReport,
  SourceBytes,
  SplitSummary,
  TrainingSetInputs,
  TrainingSetManifest,
  UnitManifest,
  UnitReport,
} from '../contracts/manifest.ts';
import { METRICS } from '../contracts/model.ts';
import {
  count,
  flag,
  list,
  nullable,
  number,
  oneOf,
  optional,
  type Reader,
  record,
  shape,
  tagged,
  text,
  textLike,
} from '../contracts/reader.ts';
import type { Gate, RunProgram, RunSource } from '../contracts/run-program.ts';

const version = oneOf(1);
const secondVersion = oneOf(2);
const dollars = textLike('a decimal amount of dollars', (amount) => /^-?\d+(\.\d{1,12})?$/.test(amount));
const texts: Reader<readonly string[]> = list(text);

const gate: Reader<Gate> = tagged<Gate>('kind', {
  'exceeds-base-rate': shape<Gate & { kind: 'exceeds-base-rate' }>({
    kind: oneOf('exceeds-base-rate'),
    metric: oneOf(...METRICS),
    by: number,
  }),
  'no-worse-than-champion': shape<Gate & { kind: 'no-worse-than-champion' }>({
    kind: oneOf('no-worse-than-champion'),
    metric: oneOf(...METRICS),
  }),
});

export const runProgramReader: Reader<RunProgram> = shape<RunProgram>({
  version: secondVersion,
  pipeline: text,
  sources: list(
    shape<RunSource>({
      name: text,
      kind: oneOf('events', 'static'),
      ingestDigest: text,
      lookbackMicroseconds: nullable(count),
    }),
  ),
  trainingSetDigest: text,
  historyMicroseconds: count,
  trials: list(shape<RunProgram['trials'][number]>({ index: count, hyperparameters: record(text) })),
  triesPerJob: count,
  seed: count,
  selectBy: oneOf(...METRICS),
  gates: list(gate),
  monthBudgetUsd: dollars,
  runBudgetUsd: dollars,
});

const objectVersion: Reader<ObjectVersion> = shape<ObjectVersion>({
  key: text,
  size: count,
  etag: text,
  versionId: optional(text),
});

const landingUnit: Reader<LandingUnit> = shape<LandingUnit>({
  source: text,
  unit: text,
  objects: list(objectVersion),
  fingerprint: text,
});

export const inputManifestReader: Reader<InputManifest> = shape<InputManifest>({
  version: secondVersion,
  pipeline: text,
  slot: text,
  units: list(landingUnit),
});

export const trainingSetInputsReader: Reader<TrainingSetInputs> = shape<TrainingSetInputs>({
  version: secondVersion,
  slot: text,
  fingerprint: text,
  code: optional(text),
  units: list(shape<TrainingSetInputs['units'][number]>({ source: text, unit: text, manifest: text })),
});

const dataFile = { key: text, size: count, rows: count, sha256: text } as const;
const datedFile = shape<DataFile & { readonly day: string }>({ ...dataFile, day: text });

const checkResult: Reader<CheckResult> = shape<CheckResult>({
  name: text,
  measure: nullable(number),
  min: nullable(number),
  max: nullable(number),
  passed: flag,
});

const unitReport: Reader<UnitReport> = shape<UnitReport>({
  source: text,
  unit: text,
  fingerprint: text,
  rows: count,
  accepted: count,
  quarantined: count,
  reasons: record(count),
  checks: list(checkResult),
  files: list(datedFile),
  quarantineFiles: list(shape<DataFile>(dataFile)),
});

export const ingestReportReader: Reader<IngestReport> = shape<IngestReport>({
  version: secondVersion,
  batch: text,
  attempt: text,
  units: list(unitReport),
});

/** The verdict of a quality report; the rest of it is for people. */
export const qualityVerdictReader: Reader<Pick<QualityReport, 'version' | 'passed' | 'failures'>> = shape<
  Pick<QualityReport, 'version' | 'passed' | 'failures'>
>({ version, passed: flag, failures: texts });

export const unitManifestReader: Reader<UnitManifest> = shape<UnitManifest>({
  version,
  source: text,
  unit: text,
  fingerprint: text,
  batch: text,
  attempt: text,
  rows: count,
  quarantined: count,
  files: list(datedFile),
  quarantineFiles: list(shape<DataFile>(dataFile)),
});

export const columnSchema: Reader<ColumnSchema> = shape<ColumnSchema>({ name: text, type: oneOf(...COLUMN_TYPES) });
export const namedVersion = shape<{ readonly name: string; readonly version: string }>({ name: text, version: text });

const keyAndDigest = shape<{ readonly key: string; readonly sha256: string }>({ key: text, sha256: text });
const splitSummary: Reader<SplitSummary> = shape<SplitSummary>({
  rows: count,
  positives: count,
  from: nullable(text),
  to: nullable(text),
  knownUntil: nullable(text),
  purged: count,
});
const featureSchema: Reader<FeatureSchema> = shape<FeatureSchema>({
  name: text,
  type: oneOf(...COLUMN_TYPES),
  view: optional(nullable(text)),
  default: nullable(number),
  derived: optional(shape<{ readonly kind: string }>({ kind: text })),
});
export const splitsReader = shape<TrainingSetManifest['splits']>({
  train: splitSummary,
  validation: splitSummary,
  test: splitSummary,
});

export const trainingSetManifestReader: Reader<TrainingSetManifest> = shape<TrainingSetManifest>({
  version,
  pipeline: text,
  slot: text,
  fingerprint: text,
  attempt: text,
  prefix: text,
  splits: splitsReader,
  label: text,
  features: list(featureSchema),
  views: list(namedVersion),
  files: shape<TrainingSetManifest['files']>({ key: text, sha256: text, count, bytes: count }),
  distribution: shape<TrainingSetManifest['distribution']>({ key: text, sha256: text }),
  sources: list(shape<SourceBytes>({ name: text, bytesRead: count, bytesPresent: count })),
  bytesRead: count,
  bytesPresent: count,
  reused: optional(shape<NonNullable<TrainingSetManifest['reused']>>({ days: count, labelDays: count, rows: count })),
  program: optional(keyAndDigest),
  inputs: optional(keyAndDigest),
});

export const distributionReader: Reader<readonly FeatureDistribution[]> = list(
  shape<FeatureDistribution>({ name: text, edges: list(number), shares: list(number), nullShare: number }),
);

const reservation: Reader<Reservation> = shape<Reservation>({
  execution: text,
  executionArn: text,
  startTime: optional(text),
  boundUsd: dollars,
  definitionDigest: optional(text),
  state: oneOf('reserved', 'settled'),
  billedUsd: nullable(dollars),
});

export const ledgerReader: Reader<Ledger> = shape<Ledger>({
  version,
  pipeline: text,
  month: text,
  budgetUsd: dollars,
  reservations: list(reservation),
});

const meter = oneOf(...RECEIPT_METERS);
export const receiptReader: Reader<Receipt> = shape<Receipt>({
  version,
  execution: text,
  definitionDigest: optional(text),
  boundUsd: dollars,
  billedUsd: dollars,
  states: optional(list(shape<StateReceipt>({ state: text, boundUsd: nullable(dollars), billedUsd: dollars }))),
  lines: list(
    shape<ReceiptLine>({ state: text, meter, job: nullable(text), quantity: number, unit: text, usd: dollars }),
  ),
  complete: flag,
  open: optional(texts),
  assumed: list(meter),
});

/** Parts of a bound by state. */
export const stateBoundsReader: Reader<Readonly<Record<string, string>>> = record(dollars);
