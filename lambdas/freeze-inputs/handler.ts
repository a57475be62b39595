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
import type { FreezeInputsInput, FreezeInputsOutput, TrialItem } from '../../lib/contracts/state-payload.ts';
import { auditReportReader } from '../../lib/runs/audit-report.ts';
import { inputManifestReader, trainingSetManifestReader } from '../../lib/runs/documents.ts';
import {
  changedObjects,
  fingerprinted,
  freezeSlot,
  type RunInputs,
  runInputs,
  trialItems,
} from '../../lib/runs/frozen-inputs.ts';
import { chooseLandingUnits, slotReach } from '../../lib/runs/landing-units.ts';
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
  const units = fingerprinted(freeze.context, (await frozenSlot(freeze)).units);
  const manifests = await listObjects(freeze.bucket, unitManifestsPrefix(freeze.context.program.source));
  const inputs = runInputs(freeze.context, run.slot, units, new Set(manifests.map(({ key }) => key)));
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

/**
 * What the slot is frozen to. Frozen anew only where a frozen object is no longer there as it was and nothing was
 * trained on it (docs/decisions/0003-refreeze-inputs.md).
 */
async function frozenSlot(freeze: Freeze): Promise<InputManifest> {
  const { context, bucket, run } = freeze;
  const location = { bucket, key: slotInputsKey(context.program.pipeline, run.slot) };
  const listing = await listObjects(bucket, rawPrefix(context.program.source));
  return untilWon(location.key, async () => {
    const stored = await findDocument(inputManifestReader, location);
    if (stored === undefined) {
      const fresh = freshSlot(freeze, listing);
      return (await createDocument(location, fresh)) === 'created' ? fresh : LOST;
    }
    if (changedObjects(stored.value, listing).length === 0) return stored.value;
    if (await isSlotTrained(freeze, stored.value)) return stored.value;
    const fresh = freshSlot(freeze, listing);
    return (await replaceDocument(location, fresh, stored.etag)) === 'replaced' ? fresh : LOST;
  });
}

function freshSlot({ context, run }: Freeze, listing: readonly ObjectVersion[]): InputManifest {
  const reach = slotReach(run.slot, context.program);
  return freezeSlot(context, run.slot, chooseLandingUnits(context.program.source, listing, reach));
}

function isSlotTrained(freeze: Freeze, { units }: InputManifest): Promise<boolean> {
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
