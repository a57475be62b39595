import type { InputManifest, LandingUnit, ObjectVersion } from '../../lib/contracts/manifest.ts';
import {
  auditPrefix,
  auditReportKey,
  ingestInputsKey,
  objectUri,
  rawPrefix,
  slotInputsKey,
  trainingSetInputsKey,
  trainingSetManifestKey,
  trainingSetPrefix,
  trialManifestKey,
  unitManifestsPrefix,
} from '../../lib/contracts/object-keys.ts';
import type { RunSource } from '../../lib/contracts/run-program.ts';
import type { FreezeInputsInput, FreezeInputsOutput, TrialItem } from '../../lib/contracts/state-payload.ts';
import { auditReportReader } from '../../lib/runs/audit-report.ts';
import { inputManifestReader, trainingSetManifestReader } from '../../lib/runs/documents.ts';
import {
  changedObjects,
  fingerprinted,
  freezeSlot,
  type RunInputs,
  runInputs,
  sourcesToFreeze,
  trialItems,
  unitsRead,
} from '../../lib/runs/frozen-inputs.ts';
import { chooseLandingUnits, type ListedUnit } from '../../lib/runs/landing-units.ts';
import { trialManifestReader } from '../../lib/runs/model-documents.ts';
import { executionContextReader } from '../../lib/runs/payloads.ts';
import { auditKey, type StageContext, trainingSetFingerprint } from '../../lib/runs/stage-fingerprints.ts';
import { LOST, untilWon } from '../contention.ts';
import { environmentOf } from '../environment.ts';
import { lambdaHandler } from '../lambda-handler.ts';
import { createDocument, findDocument, listObjects, putDocument, replaceDocument } from '../object-store.ts';
import { inParallel } from '../parallel.ts';
import { loadStageContext } from '../run-program.ts';

const PARALLEL_CALLS = 8;

interface Freeze {
  readonly context: StageContext;
  readonly bucket: string;
  readonly run: FreezeInputsInput;
}

/** Decides once per slot what its runs read, and finds what of this run's work is published already. */
async function freezeInputs(run: FreezeInputsInput): Promise<FreezeInputsOutput> {
  const environment = environmentOf('freeze-inputs');
  const freeze: Freeze = {
    context: await loadStageContext(environment, run.engine),
    bucket: environment.bucket,
    run,
  };
  const units = fingerprinted(freeze.context, unitsRead(freeze.context, (await frozenSlot(freeze)).units));
  const inputs = runInputs(freeze.context, run.slot, units, await publishedManifests(freeze));
  await writeInputs(freeze, inputs);
  const published = await isTrainingSetPublished(freeze, inputs.trainingSet.fingerprint);
  return {
    ...sizeOf(units),
    ingest: ingestOutput(freeze, inputs),
    trainingSet: trainingSetOutput(freeze, inputs, published),
    audit: await auditOutput(freeze, inputs.trainingSet.fingerprint),
    trials: await withPublished(freeze, trialItems(freeze.context, inputs.trainingSet.fingerprint)),
  };
}

/** Keys of the manifests of all sources' published units. */
async function publishedManifests({ context, bucket }: Freeze): Promise<ReadonlySet<string>> {
  const manifests = await listSources(context.program.sources, (name) =>
    listObjects(bucket, unitManifestsPrefix(name)),
  );
  return new Set([...manifests.values()].flat().map(({ key }) => key));
}

/**
 * What the slot is frozen to. Frozen anew only where a frozen object is no longer there as it was and nothing was
 * trained on it (docs/decisions/0003-refreeze-inputs.md); a source that the pipeline reads since is added.
 */
async function frozenSlot(freeze: Freeze): Promise<InputManifest> {
  const { context, bucket, run } = freeze;
  const location = { bucket, key: slotInputsKey(context.program.pipeline, run.slot) };
  const listings = await listSources(context.program.sources, (name) => listObjects(bucket, rawPrefix(name)));
  return untilWon(location.key, async () => {
    const stored = await findDocument(inputManifestReader, location);
    if (stored === undefined) {
      const fresh = freezeSlot(context, run.slot, reachedUnits(freeze, context.program.sources, listings));
      return (await createDocument(location, fresh)) === 'created' ? fresh : LOST;
    }
    const kept = await keptUnits(freeze, stored.value, listings);
    const missing = sourcesToFreeze(context, kept);
    if (missing.length === 0) return stored.value;
    const added = reachedUnits(freeze, missing, listings);
    const fresh = freezeSlot(context, run.slot, unitsRead(context, [...kept, ...added]));
    return (await replaceDocument(location, fresh, stored.etag)) === 'replaced' ? fresh : LOST;
  });
}

/** What stays frozen: everything, or nothing where an object changed that nothing was trained on. */
async function keptUnits(freeze: Freeze, stored: InputManifest, listings: Listings): Promise<readonly LandingUnit[]> {
  const units = unitsRead(freeze.context, stored.units);
  const isUnchanged = changedObjects({ units }, [...listings.values()].flat()).length === 0;
  return isUnchanged || (await isSlotTrained(freeze, units)) ? units : [];
}

/** Objects by source. */
type Listings = ReadonlyMap<string, readonly ObjectVersion[]>;

async function listSources(
  sources: readonly RunSource[],
  list: (source: string) => Promise<readonly ObjectVersion[]>,
): Promise<Listings> {
  const entries = sources.map(async ({ name }) => [name, await list(name)] as const);
  return new Map(await Promise.all(entries));
}

function reachedUnits({ context, run }: Freeze, sources: readonly RunSource[], listings: Listings) {
  const { historyMicroseconds } = context.program;
  return sources.flatMap((source): readonly ListedUnit[] =>
    chooseLandingUnits(source, listings.get(source.name) ?? [], { slot: run.slot, historyMicroseconds }),
  );
}

/** A set over sources that the slot was not frozen for cannot have been made. */
function isSlotTrained(freeze: Freeze, units: readonly LandingUnit[]): Promise<boolean> {
  const fingerprints = fingerprinted(freeze.context, units).map(({ fingerprint }) => fingerprint);
  return isTrainingSetPublished(freeze, trainingSetFingerprint(freeze.context, freeze.run.slot, fingerprints));
}

async function isTrainingSetPublished({ context, bucket }: Freeze, fingerprint: string): Promise<boolean> {
  const key = trainingSetManifestKey(context.program.pipeline, fingerprint);
  return (await findDocument(trainingSetManifestReader, { bucket, key })) !== undefined;
}

async function writeInputs({ context, bucket, run }: Freeze, { ingest, trainingSet }: RunInputs): Promise<void> {
  const { pipeline } = context.program;
  const trainingSetKey = trainingSetInputsKey(pipeline, run.execution, trainingSet.fingerprint);
  await putDocument({ bucket, key: trainingSetKey }, trainingSet);
  if (ingest.units.length > 0) {
    await putDocument({ bucket, key: ingestInputsKey(pipeline, run.execution, ingest.batch) }, ingest);
  }
}

const sizeOf = (units: readonly LandingUnit[]) => {
  const objects = units.flatMap((unit) => unit.objects);
  return {
    units: units.length,
    objects: objects.length,
    bytes: objects.reduce((total, { size }) => total + size, 0),
  };
};

function ingestOutput({ context, bucket, run }: Freeze, { ingest }: RunInputs): FreezeInputsOutput['ingest'] {
  return {
    needed: ingest.units.length > 0,
    batch: ingest.batch,
    units: ingest.units.length,
    inputs: objectUri(bucket, ingestInputsKey(context.program.pipeline, run.execution, ingest.batch)),
  };
}

function trainingSetOutput(
  { context, bucket, run }: Freeze,
  { trainingSet: { fingerprint } }: RunInputs,
  published: boolean,
): FreezeInputsOutput['trainingSet'] {
  const { pipeline } = context.program;
  return {
    fingerprint,
    published,
    inputs: objectUri(bucket, trainingSetInputsKey(pipeline, run.execution, fingerprint)),
    prefix: trainingSetPrefix(pipeline, fingerprint),
    manifest: { bucket, key: trainingSetManifestKey(pipeline, fingerprint) },
  };
}

async function auditOutput({ context, bucket }: Freeze, trainingSet: string): Promise<FreezeInputsOutput['audit']> {
  const { pipeline } = context.program;
  const key = auditKey(context, trainingSet);
  const report = { bucket, key: auditReportKey(pipeline, trainingSet, key) };
  const published = (await findDocument(auditReportReader, report)) !== undefined;
  return { published, prefix: auditPrefix(pipeline, trainingSet, key), report };
}

function withPublished({ context, bucket }: Freeze, items: readonly TrialItem[]): Promise<readonly TrialItem[]> {
  return inParallel(items, PARALLEL_CALLS, async (item) => {
    const key = trialManifestKey(context.program.pipeline, item.fingerprint);
    return { ...item, published: (await findDocument(trialManifestReader, { bucket, key })) !== undefined };
  });
}

export const handler = lambdaHandler(executionContextReader, freezeInputs);
