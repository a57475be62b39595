import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainingSetInputs, TrainingSetManifest, UnitManifest } from '../../lib/contracts/manifest.ts';

/** The data bucket of every lake here. */
export const BUCKET = 'data';

/** Published units of one source below an object root, and a slot that reaches them all. */
export interface Lake {
  readonly root: string;
  readonly source: string;
  readonly slot: string;
  readonly units: TrainingSetInputs['units'];
}

export const objectPath = ({ root }: Pick<Lake, 'root'>, key: string): string => join(root, BUCKET, key);

/** Paths of the curated files that the units publish, in order. */
export const curatedFiles = (lake: Lake): readonly string[] =>
  unitManifests(lake).flatMap(({ files }) => files.map(({ key }) => objectPath(lake, key)));

export const unitManifests = (lake: Lake): readonly UnitManifest[] =>
  lake.units.map(({ manifest }) => readDocument<UnitManifest>(lake, manifest));

export const trainingSetManifest = (lake: Lake, prefix: string): TrainingSetManifest =>
  readDocument<TrainingSetManifest>(lake, `${prefix}manifest.json`);

/** A document that a job wrote in this run of the benchmark. */
export function readDocument<T>(lake: Pick<Lake, 'root'>, key: string): T {
  return JSON.parse(readFileSync(objectPath(lake, key), 'utf8')) as T;
}
