import type { IngestReport, UnitManifest } from '../../lib/contracts/manifest.ts';
import {
  curatedAttemptPrefix,
  executionPrefix,
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
import { createPartitions, putPartitions, removePartitions } from '../catalog.ts';
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
  const { pipeline, source } = await loadRunProgram(environment);
  const prefix = curatedAttemptPrefix(source, batch, attempt);
  const [report, quality] = await Promise.all([
    readDocument(ingestReportReader, { bucket, key: `${prefix}report.json` }),
    readDocument(qualityVerdictReader, { bucket, key: `${prefix}quality.json` }),
  ]);
  requirePublishable(report.value, quality.value, { source, batch, attempt });
  const published = await publishUnits(bucket, report.value);
  const partitions = published.flatMap(partitionsOf);
  const table = { bucket, database: environment.catalogDatabase, table: environment.catalogTable };
  await putPartitions(table, partitions);
  await removePartitions(table, await findStalePartitions(bucket, published));
  await createPartitions(table, await findOtherPartitions(bucket, executionPrefix(pipeline, execution), published));
  return {
    units: published.length,
    rows: sumOf(published, ({ rows }) => rows),
    quarantined: sumOf(published, ({ quarantined }) => quarantined),
    partitions: partitions.length,
  };
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
async function findStalePartitions(bucket: string, published: readonly UnitManifest[]) {
  const [first] = published;
  if (first === undefined) return [];
  const listed = await listObjects(bucket, unitManifestsPrefix(first.source));
  const stale = await inParallel(published, PARALLEL_CALLS, async (manifest) => {
    const prefix = `${unitManifestsPrefix(manifest.source)}${manifest.unit}/`;
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
 * Partitions of the slot's other units: all but those of a run that was killed between manifest and catalog are there,
 * and no later run publishes these units again.
 */
async function findOtherPartitions(bucket: string, prefix: string, published: readonly UnitManifest[]) {
  const own = new Set(published.map(keyOf));
  const listed = await listObjects(bucket, `${prefix}training-set-inputs-`);
  const inputs = await Promise.all(listed.map(({ key }) => readDocument(trainingSetInputsReader, { bucket, key })));
  const keys = inputs
    .flatMap(({ value }) => value.units.map(({ manifest }) => manifest))
    .filter((key) => !own.has(key));
  const manifests = await inParallel([...new Set(keys)], PARALLEL_CALLS, (key) =>
    findDocument(unitManifestReader, { bucket, key }),
  );
  return manifests.flatMap((manifest) => (manifest === undefined ? [] : partitionsOf(manifest.value)));
}

const keyOf = ({ source, unit, fingerprint }: UnitManifest): string => unitManifestKey(source, unit, fingerprint);

const sumOf = (manifests: readonly UnitManifest[], measure: (manifest: UnitManifest) => number): number =>
  manifests.reduce((total, manifest) => total + measure(manifest), 0);

export const handler = lambdaHandler(publishPartitionsReader, publishPartitions);
