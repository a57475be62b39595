import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditReport } from '../lib/contracts/audit.ts';
import type { Receipt } from '../lib/contracts/ledger.ts';
import type { QualityReport, TrainingSetManifest } from '../lib/contracts/manifest.ts';
import {
  auditReportKey,
  executionPrefix,
  ingestBatchPrefix,
  quarantineAttemptPrefix,
  receiptKey,
  trainingSetManifestKey,
  trainingSetPrefix,
} from '../lib/contracts/object-keys.ts';
import { type Reader, readOrThrow } from '../lib/contracts/reader.ts';
import { auditReportReader } from '../lib/runs/audit-report.ts';
import { receiptReader, trainingSetManifestReader } from '../lib/runs/documents.ts';
import { qualityReportReader } from '../lib/runs/quality-report.ts';
import { listModels, type RegisteredModel } from './models.ts';
import { listFolder, readJsonFile } from './state/json-file.ts';
import type { RunRecord } from './state/run-store.ts';
import { stateDirectory } from './state/state-directory.ts';

/** What a run did, read back from the files that it left; a part that it did not reach is null. */
export interface RunReport {
  readonly version: 1;
  readonly run: RunRecord;
  /** Null where nothing new was to be ingested. */
  readonly quality: QualityReport | null;
  readonly trainingSet: TrainingSetManifest | null;
  /** Null where the training set was not audited. */
  readonly audit: AuditReport | null;
  readonly model: RegisteredModel | null;
  readonly receipt: Receipt | null;
  /** Folders and files of the run, absolute; null where there is none. */
  readonly places: {
    readonly record: string;
    /** One for each source that has quarantined rows. */
    readonly quarantine: readonly string[];
    readonly trainingSet: string | null;
    readonly model: string | null;
  };
}

/** Reads back what a run did. */
export async function readRunReport(directory: string, run: RunRecord): Promise<RunReport> {
  const bucket = await findBucket(directory, run);
  const working = await listFolder(join(bucket, executionPrefix(run.pipeline, run.execution)));
  const attempt = await newestAttempt(bucket, run.pipeline, identifierIn(working, 'ingest-inputs-'));
  const fingerprint = identifierIn(working, 'training-set-inputs-');
  const trainingSet =
    fingerprint === undefined
      ? undefined
      : await readIfThere(trainingSetManifestReader, join(bucket, trainingSetManifestKey(run.pipeline, fingerprint)));
  const model = await findModel(directory, run);
  return {
    version: 1,
    run,
    quality: attempt === undefined ? null : ((await readIfThere(qualityReportReader, attempt.quality)) ?? null),
    trainingSet: trainingSet ?? null,
    audit: trainingSet === undefined ? null : await readAudit(bucket, trainingSet),
    model: model ?? null,
    receipt: (await readIfThere(receiptReader, join(bucket, receiptKey(run.pipeline, run.execution)))) ?? null,
    places: {
      record: stateDirectory(directory).executionOf(run.execution).root,
      quarantine: attempt?.quarantine ?? [],
      trainingSet: trainingSet === undefined ? null : join(bucket, trainingSet.prefix),
      model: model === undefined ? null : join(bucket, model.body.artifact.key),
    },
  };
}

/** The data bucket of the run's pipeline, `<pipeline>-data-<account>-<region>`. */
async function findBucket(directory: string, { pipeline }: RunRecord): Promise<string> {
  const { objects } = stateDirectory(directory);
  const buckets = await listFolder(objects);
  return join(objects, buckets.find((name) => name.startsWith(`${pipeline}-data-`)) ?? '');
}

function identifierIn(names: readonly string[], stem: string): string | undefined {
  return names.find((name) => name.startsWith(stem))?.slice(stem.length, -'.json'.length);
}

interface IngestAttempt {
  readonly quality: string;
  readonly quarantine: readonly string[];
}

/** The attempt of a batch whose quality report is the newest; a batch may have been tried more than once. */
async function newestAttempt(
  bucket: string,
  pipeline: string,
  batch: string | undefined,
): Promise<IngestAttempt | undefined> {
  if (batch === undefined) return undefined;
  const folder = join(bucket, ingestBatchPrefix(pipeline, batch));
  const attempts: { readonly attempt: string; readonly quality: string; readonly written: number }[] = [];
  for (const attempt of await listFolder(folder)) {
    const quality = join(folder, attempt, 'quality.json');
    const written = await modifiedAt(quality);
    if (written !== undefined) attempts.push({ attempt, quality, written });
  }
  const newest = attempts.toSorted((a, b) => b.written - a.written)[0];
  if (newest === undefined) return undefined;
  return { quality: newest.quality, quarantine: await quarantineFolders(bucket, batch, newest.attempt) };
}

async function quarantineFolders(bucket: string, batch: string, attempt: string): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const source of await listFolder(join(bucket, 'quarantine'))) {
    const folder = join(bucket, quarantineAttemptPrefix(source, batch, attempt));
    if ((await listFolder(folder)).length > 0) folders.push(folder);
  }
  return folders;
}

async function modifiedAt(path: string): Promise<number | undefined> {
  const [entry] = await Promise.allSettled([stat(path)]);
  return entry.status === 'fulfilled' ? entry.value.mtimeMs : undefined;
}

/** The newest audit of a set: another release may have audited it too. */
async function readAudit(bucket: string, { pipeline, fingerprint }: TrainingSetManifest): Promise<AuditReport | null> {
  const keys = await listFolder(join(bucket, trainingSetPrefix(pipeline, fingerprint), 'audits'));
  const paths = keys.map((key) => join(bucket, auditReportKey(pipeline, fingerprint, key)));
  const dated = await Promise.all(paths.map(async (path) => ({ path, written: (await modifiedAt(path)) ?? 0 })));
  const newest = dated.toSorted((a, b) => b.written - a.written)[0];
  return newest === undefined ? null : ((await readIfThere(auditReportReader, newest.path)) ?? null);
}

/** The version that a finished run registered or, unchanged, found registered. */
async function findModel(directory: string, { output, pipeline }: RunRecord): Promise<RegisteredModel | undefined> {
  const version: unknown = Object(output).version;
  const models = typeof version === 'number' ? await listModels(directory) : [];
  return models.find(({ body }) => body.number === version && body.pipeline === pipeline);
}

async function readIfThere<T>(read: Reader<T>, path: string): Promise<T | undefined> {
  const value = await readJsonFile(path);
  return value === undefined ? undefined : readOrThrow(read, value, path);
}
