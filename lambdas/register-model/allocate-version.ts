import { registrationKey, versionsPrefix } from '../../lib/contracts/object-keys.ts';
import { count, oneOf, shape } from '../../lib/contracts/reader.ts';
import type { ModelVersion } from '../../lib/contracts/registry.ts';
import { modelVersionReader } from '../../lib/runs/registry-documents.ts';
import { nextNumber, type Registration, registeredNumbers } from '../../lib/runs/version-body.ts';
import { LOST, untilWon } from '../contention.ts';
import { createDocument, findDocument, listObjects, replaceDocument, type Stored } from '../object-store.ts';
import { bodyLocation, type RegistryPlace } from '../registry.ts';

const registrationReader = shape<Registration>({ version: oneOf(1), number: count });

/**
 * The version of an evaluation, created if there is none, under the next free number. The number is noted beside the
 * evaluation before the body is created: whoever comes again, or at the same time, creates that body or finds it, and
 * moves the note on only when another evaluation's body took the number. So one evaluation never has two versions.
 */
export function allocateVersion(
  place: RegistryPlace,
  evaluationKey: string,
  bodyOf: (number: number) => ModelVersion,
): Promise<ModelVersion> {
  return untilWon(`the registry of ${place.pipeline}`, async () => {
    const { value: note } = await noteNumber(place, evaluationKey);
    const body = bodyOf(note.number);
    const location = bodyLocation(place, note.number);
    if ((await createDocument(location, body)) === 'created') return body;
    const existing = await findDocument(modelVersionReader, location);
    if (existing === undefined) return LOST;
    if (existing.value.evaluation.key === evaluationKey) return existing.value;
    await moveNote(place, evaluationKey, note.number);
    return LOST;
  });
}

const noteLocation = ({ bucket, pipeline }: RegistryPlace, evaluationKey: string) => ({
  bucket,
  key: registrationKey(pipeline, evaluationKey),
});

function noteNumber(place: RegistryPlace, evaluationKey: string): Promise<Stored<Registration>> {
  const location = noteLocation(place, evaluationKey);
  return untilWon(location.key, async () => {
    const stored = await findDocument(registrationReader, location);
    if (stored !== undefined) return stored;
    await createDocument(location, await freeNumber(place));
    return LOST;
  });
}

/** Only away from `taken`: where another writer moved the note already, it stays where it is. */
async function moveNote(place: RegistryPlace, evaluationKey: string, taken: number): Promise<void> {
  const location = noteLocation(place, evaluationKey);
  const stored = await findDocument(registrationReader, location);
  if (stored?.value.number === taken) await replaceDocument(location, await freeNumber(place), stored.etag);
}

async function freeNumber({ bucket, pipeline }: RegistryPlace): Promise<Registration> {
  const prefix = versionsPrefix(pipeline);
  const listed = await listObjects(bucket, prefix);
  const numbers = registeredNumbers(
    listed.map(({ key }) => key),
    prefix,
  );
  return { version: 1, number: nextNumber(numbers) };
}
