import { join } from 'node:path';
import type { Receipt } from '../lib/contracts/ledger.ts';
import { type Reader, readOrThrow } from '../lib/contracts/reader.ts';
import type { Champion, ModelEvent, ModelVersion } from '../lib/contracts/registry.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { receiptReader } from '../lib/runs/documents.ts';
import { championReader } from '../lib/runs/model-documents.ts';
import { modelEventReader, modelVersionReader } from '../lib/runs/registry-documents.ts';
import { listFolder, readJsonFile } from './state/json-file.ts';
import { stateDirectory } from './state/state-directory.ts';

/** A registered version: its immutable body, what happened to it since, and what it is now. */
export interface RegisteredModel {
  readonly body: ModelVersion;
  /** Oldest first. */
  readonly events: readonly ModelEvent[];
  /** `champion`: approved, and in force; `approved`: approved, and replaced since. */
  readonly status: 'champion' | 'approved' | 'candidate';
}

/** The versions in a project's local registry, newest first. */
export async function listModels(directory: string): Promise<readonly RegisteredModel[]> {
  const models = await Promise.all((await findRegistries(directory)).map(readRegistry));
  return models.flat().toSorted((a, b) => b.body.number - a.body.number);
}

/** One version. @throws UserError unknown-version */
export async function readModel(directory: string, number: number): Promise<RegisteredModel> {
  const models = await listModels(directory);
  const model = models.find(({ body }) => body.number === number);
  if (model !== undefined) return model;
  const known = models.map(({ body }) => body.number).join(', ');
  throw new UserError({
    code: 'unknown-version',
    message: `there is no version ${number}: ${known === '' ? 'no model is registered yet' : `the versions are ${known}`}`,
    resolution: known === '' ? 'run hundredfold run first' : 'take a number from hundredfold models',
  });
}

/** The receipt of the run that registered a version; undefined where it is not settled. */
export async function readModelReceipt(directory: string, { body }: RegisteredModel): Promise<Receipt | undefined> {
  const { objects } = stateDirectory(directory);
  const paths = (await listFolder(objects)).map((bucket) => join(objects, bucket, body.run.receipt));
  const receipts = await Promise.all(paths.map((path) => readDocument(receiptReader, path)));
  return receipts.find((receipt) => receipt !== undefined);
}

/** Folders `<bucket>/registry/<pipeline>`. */
async function findRegistries(directory: string): Promise<readonly string[]> {
  const { objects } = stateDirectory(directory);
  const registries = (await listFolder(objects)).map((bucket) => join(objects, bucket, 'registry'));
  const pipelines = await Promise.all(
    registries.map(async (registry) => (await listFolder(registry)).map((pipeline) => join(registry, pipeline))),
  );
  return pipelines.flat();
}

async function readRegistry(registry: string): Promise<readonly RegisteredModel[]> {
  const championPath = join(registry, 'champion.json');
  const stored = await readJsonFile(championPath);
  const champion = stored === undefined ? undefined : readOrThrow(championReader, stored, championPath);
  const versions = join(registry, 'versions');
  const models = await Promise.all(
    (await listFolder(versions)).map((name) => readVersion(join(versions, name), champion)),
  );
  return models.filter((model) => model !== undefined);
}

/** Undefined where a writer has claimed the number and not yet written the body. */
async function readVersion(folder: string, champion: Champion | undefined): Promise<RegisteredModel | undefined> {
  const body = await readDocument(modelVersionReader, join(folder, 'body.json'));
  if (body === undefined) return undefined;
  const names = await listFolder(join(folder, 'events'));
  const read = await Promise.all(names.map((name) => readDocument(modelEventReader, join(folder, 'events', name))));
  const events = read.filter((event) => event !== undefined);
  return { body, events, status: statusOf(body, events, champion) };
}

function statusOf(
  { number }: ModelVersion,
  events: readonly ModelEvent[],
  champion: Champion | undefined,
): RegisteredModel['status'] {
  if (champion?.number === number) return 'champion';
  return events.some(({ kind }) => kind === 'approved') ? 'approved' : 'candidate';
}

async function readDocument<T>(read: Reader<T>, path: string): Promise<T | undefined> {
  const value = await readJsonFile(path);
  return value === undefined ? undefined : readOrThrow(read, value, path);
}
