import type {
  IngestInputs,
  InputManifest,
  LandingUnit,
  ObjectVersion,
  TrainingSetInputs,
} from '../contracts/manifest.ts';
import { checkpointPrefix, trialPrefix, unitManifestKey } from '../contracts/object-keys.ts';
import type { RunSource } from '../contracts/run-program.ts';
import type { TrialItem } from '../contracts/state-payload.ts';
import { must } from '../errors/fault.ts';
import type { ListedUnit } from './landing-units.ts';
import {
  batchFingerprint,
  rowsCodeFingerprint,
  type StageContext,
  trainingSetFingerprint,
  trialFingerprint,
  unitFingerprint,
} from './stage-fingerprints.ts';

/** What a slot reads from now on. */
export function freezeSlot(context: StageContext, slot: string, units: readonly ListedUnit[]): InputManifest {
  return { version: 2, pipeline: context.program.pipeline, slot, units: fingerprinted(context, units) };
}

/** The units with the fingerprints that this code gives them: a slot is frozen to objects, not to code. */
export function fingerprinted(context: StageContext, units: readonly ListedUnit[]): readonly LandingUnit[] {
  return units.map(({ source, unit, objects }) => ({
    source,
    unit,
    objects,
    fingerprint: unitFingerprint(context, sourceOf(context, source), objects),
  }));
}

function sourceOf({ program }: StageContext, name: string): RunSource {
  return must(
    program.sources.find((source) => source.name === name),
    `a source ${name} of the run program`,
  );
}

/** The frozen units of sources that the pipeline reads: its definition may have changed since the slot was frozen. */
export function unitsRead<Unit extends { readonly source: string }>(
  { program }: StageContext,
  units: readonly Unit[],
): readonly Unit[] {
  return program.sources.flatMap(({ name }) => units.filter(({ source }) => source === name));
}

/** Sources that the pipeline reads and the slot is not frozen for; a source that is frozen has a unit. */
export function sourcesToFreeze(
  { program }: StageContext,
  units: readonly { readonly source: string }[],
): readonly RunSource[] {
  return program.sources.filter(({ name }) => units.every(({ source }) => source !== name));
}

/** The frozen objects that a listing shows no more, or with another size or ETag. */
export function changedObjects(
  { units }: Pick<InputManifest, 'units'>,
  listing: readonly ObjectVersion[],
): readonly ObjectVersion[] {
  const listed = new Map(listing.map((object) => [object.key, object]));
  return units.flatMap(({ objects }) =>
    objects.filter(({ key, size, etag }) => {
      const now = listed.get(key);
      return now === undefined || now.size !== size || now.etag !== etag;
    }),
  );
}

/** What an execution does with its slot's units. */
export interface RunInputs {
  readonly ingest: IngestInputs;
  readonly trainingSet: TrainingSetInputs;
}

/** The units that nobody published are ingested; the training set reads all of them. */
export function runInputs(
  context: StageContext,
  slot: string,
  units: readonly LandingUnit[],
  publishedManifests: ReadonlySet<string>,
): RunInputs {
  const manifestOf = ({ source, unit, fingerprint }: LandingUnit): string => unitManifestKey(source, unit, fingerprint);
  const unpublished = units.filter((unit) => !publishedManifests.has(manifestOf(unit)));
  const fingerprints = units.map(({ fingerprint }) => fingerprint);
  return {
    ingest: {
      version: 2,
      batch: batchFingerprint(unpublished.map(({ fingerprint }) => fingerprint)),
      units: unpublished,
    },
    trainingSet: {
      version: 2,
      slot,
      fingerprint: trainingSetFingerprint(context, slot, fingerprints),
      code: rowsCodeFingerprint(context),
      units: units.map((unit) => ({ source: unit.source, unit: unit.unit, manifest: manifestOf(unit) })),
    },
  };
}

/** The trials of a training set, in the order of the program, before anybody looked which are published. */
export function trialItems(context: StageContext, trainingSet: string): readonly TrialItem[] {
  const { pipeline, trials } = context.program;
  return trials.map(({ index, hyperparameters }) => {
    const fingerprint = trialFingerprint(context, trainingSet, hyperparameters);
    return {
      index,
      fingerprint,
      published: false,
      hyperparameters,
      prefix: trialPrefix(pipeline, fingerprint),
      checkpoints: checkpointPrefix(pipeline, fingerprint),
    };
  });
}
