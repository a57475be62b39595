import type { IngestReport, UnitManifest } from '../../lib/contracts/manifest.ts';
import {
  executionPrefix,
  ingestAttemptPrefix,
  unitManifestKey,
  unitManifestsPrefix,
} from '../../lib/contracts/object-keys.ts';
import type { PublishPartitionsInput, PublishPartitionsOutput } from '../../lib/contracts/state-payload.ts';
import {
  ingestReportReader,
  qualityVerdictReader,
  trainingSetInputsReader,
  unitManifestReader,
} from '../../lib/runs/documents.ts';
import { publishPartitionsReader } from '../../lib/runs/payloads.ts';
import { partitionsOf, requirePublishable, stalePartitions, unitManifest } from '../../lib/runs/unit-publication.ts';
import { type CatalogTable, createPartitions, putPartitions, removePartitions } from '../catalog.ts';
import { environmentOf } from '../environment.ts';
import { lambdaHandler } from '../lambda-handler.ts';
import { createDocument, findDocument, listObjects, readDocument } from '../object-store.ts';
import { inParallel } from '../parallel.ts';
import { loadRunProgram } from '../run-program.ts';

const PARALLEL_CALLS = 16;

/**
 * Publishes every landing unit of an attempt that passed its checks by one conditional manifest each, then lets the
 * catalog follow. A unit that another attempt published meanwhile stays with that one.
 */
async function publishPartitions({
  execution,
  batch,
  attempt,
}: PublishPartitionsInput): Promise<PublishPartitionsOutput> {
  const environment = environmentOf('publish-partitions');
  const { bucket } = environment;
  const { pipeline, sources } = await loadRunProgram(environment);
  const prefix = ingestAttemptPrefix(pipeline, batch, attempt);
  const [report, quality] = await Promise.all([
    readDocument(ingestReportReader, { bucket, key: `${prefix}report.json` }),
    readDocument(qualityVerdictReader, { bucket, key: `${prefix}quality.json` }),
  ]);
  requirePublishable(report.value, quality.value, { batch, attempt });
  const published = await publishUnits(bucket, report.value);
  const others = await findOtherUnits(bucket, executionPrefix(pipeline, execution), published);
  for (const { name } of sources) {
    const isOfSource = ({ source }: UnitManifest): boolean => source === name;
    const table = { bucket, database: environment.catalogDatabase, table: name };
    await updateTable(table, published.filter(isOfSource), others.filter(isOfSource));
  }
  return {
    units: published.length,
    rows: sumOf(published, ({ rows }) => rows),
    quarantined: sumOf(published, ({ quarantined }) => quarantined),
    partitions: published.flatMap(partitionsOf).length,
  };
}

/** Lets a source's table follow the source's units: those published now, and others that may be missing. */
async function updateTable(
  table: CatalogTable,
  published: readonly UnitManifest[],
  others: readonly UnitManifest[],
): Promise<void> {
  await putPartitions(table, published.flatMap(partitionsOf));
  await removePartitions(table, await findStalePartitions(table, published));
  await createPartitions(table, others.flatMap(partitionsOf));
}

function publishUnits(bucket: string, report: IngestReport): Promise<readonly UnitManifest[]> {
  return inParallel(report.units, PARALLEL_CALLS, async (unit) => {
    const manifest = unitManifest(report, unit);
    const location = { bucket, key: keyOf(manifest) };
    if ((await createDocument(location, manifest)) === 'created') return manifest;
    return (await readDocument(unitManifestReader, location)).value;
  });
}

/** Days that a unit had in a former publication, before its files were corrected, and has no more. */
async function findStalePartitions({ bucket, table: source }: CatalogTable, published: readonly UnitManifest[]) {
  if (published.length === 0) return [];
  const listed = await listObjects(bucket, unitManifestsPrefix(source));
  const stale = await inParallel(published, PARALLEL_CALLS, async (manifest) => {
    const prefix = `${unitManifestsPrefix(source)}${manifest.unit}/`;
    const formerKeys = listed.map(({ key }) => key).filter((key) => key.startsWith(prefix) && key !== keyOf(manifest));
    const former = await Promise.all(formerKeys.map((key) => readDocument(unitManifestReader, { bucket, key })));
    return stalePartitions(
      manifest,
      former.map(({ value }) => value),
    );
  });
  return stale.flat();
}

/**
 * The slot's other units. The catalog has their partitions already, but for those of a run that was killed between
 * manifest and catalog, and no later run publishes these units again.
 */
async function findOtherUnits(
  bucket: string,
  prefix: string,
  published: readonly UnitManifest[],
): Promise<readonly UnitManifest[]> {
  const own = new Set(published.map(keyOf));
  const listed = await listObjects(bucket, `${prefix}training-set-inputs-`);
  const inputs = await Promise.all(listed.map(({ key }) => readDocument(trainingSetInputsReader, { bucket, key })));
  const keys = inputs
    .flatMap(({ value }) => value.units.map(({ manifest }) => manifest))
    .filter((key) => !own.has(key));
  const manifests = await inParallel([...new Set(keys)], PARALLEL_CALLS, (key) =>
    findDocument(unitManifestReader, { bucket, key }),
  );
  return manifests.flatMap((manifest) => (manifest === undefined ? [] : [manifest.value]));
}

const keyOf = ({ source, unit, fingerprint }: UnitManifest): string => unitManifestKey(source, unit, fingerprint);

const sumOf = (manifests: readonly UnitManifest[], measure: (manifest: UnitManifest) => number): number =>
  manifests.reduce((total, manifest) => total + measure(manifest), 0);

export const handler = lambdaHandler(publishPartitionsReader, publishPartitions);
