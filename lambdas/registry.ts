import { championKey, versionBodyKey, versionEventKey, versionPrefix } from '../lib/contracts/object-keys.ts';
import type { ModelEvent, ModelVersion } from '../lib/contracts/registry.ts';
import { championReader } from '../lib/runs/model-documents.ts';
import { modelEventReader, modelVersionReader } from '../lib/runs/registry-documents.ts';
import { type EventAuthor, type EventFact, findEvent, nextEvent } from '../lib/runs/version-events.ts';
import { LOST, untilWon } from './contention.ts';
import { createDocument, findDocument, listObjects, readDocument } from './object-store.ts';
import { inParallel } from './parallel.ts';

const PARALLEL_CALLS = 8;

/** Where a pipeline's registry lies. */
export interface RegistryPlace {
  readonly bucket: string;
  readonly pipeline: string;
}

export const championLocation = ({ bucket, pipeline }: RegistryPlace) => ({ bucket, key: championKey(pipeline) });

/** The approved version's pointer, or undefined where none was approved yet. */
export const findChampion = (place: RegistryPlace) => findDocument(championReader, championLocation(place));

export const bodyLocation = ({ bucket, pipeline }: RegistryPlace, number: number) => ({
  bucket,
  key: versionBodyKey(pipeline, number),
});

export async function readVersion(place: RegistryPlace, number: number): Promise<ModelVersion> {
  return (await readDocument(modelVersionReader, bodyLocation(place, number))).value;
}

/** What happened to a version, in order. */
export async function readLog({ bucket, pipeline }: RegistryPlace, number: number): Promise<readonly ModelEvent[]> {
  const listed = await listObjects(bucket, `${versionPrefix(pipeline, number)}events/`);
  const keys = listed.map(({ key }) => key).toSorted();
  return inParallel(keys, PARALLEL_CALLS, async (key) => (await readDocument(modelEventReader, { bucket, key })).value);
}

/** Appends the fact unless the log has one of its kind; returns the one that the log has afterwards. */
export function recordOnce(place: RegistryPlace, author: EventAuthor, fact: EventFact): Promise<ModelEvent> {
  const subject = `the log of version ${author.number}`;
  return untilWon(subject, async () => {
    const log = await readLog(place, author.number);
    const known = findEvent(log, fact.kind);
    if (known !== undefined) return known;
    const event = nextEvent(author, log.length, fact);
    const key = versionEventKey(place.pipeline, author.number, event.sequence);
    return (await createDocument({ bucket: place.bucket, key }, event)) === 'created' ? event : LOST;
  });
}
