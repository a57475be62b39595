import type { Decision, ModelEvent, ModelVersion } from '../../lib/contracts/registry.ts';
import type { RegisterModelOutput } from '../../lib/contracts/state-payload.ts';
import { Fault } from '../../lib/errors/fault.ts';
import { lostReason, promotionStep } from '../../lib/runs/promotion.ts';
import { type EventAuthor, type EventFact, findEvent, registrationFact } from '../../lib/runs/version-events.ts';
import { LOST, untilWon } from '../contention.ts';
import { createDocument, replaceDocument } from '../object-store.ts';
import { championLocation, findChampion, type RegistryPlace, readLog, recordOnce } from '../registry.ts';
import { createModelPackage } from './model-package.ts';

export interface RegisteredVersion {
  readonly place: RegistryPlace;
  readonly body: ModelVersion;
  readonly decision: Decision;
  /** The execution that registers. */
  readonly by: string;
  readonly group: string;
}

interface Outcome {
  readonly status: 'approved' | 'candidate';
  readonly reasons: readonly string[];
}

/**
 * What happens to a version once its body exists: it is registered, promoted where it may be, and packaged; each step
 * is looked up in the log first, so that a second call goes on where the first ended.
 */
export async function recordOutcome(version: RegisteredVersion): Promise<RegisterModelOutput> {
  const { place, body, decision } = version;
  const author: EventAuthor = { number: body.number, at: new Date().toISOString(), by: version.by };
  const record = (fact: EventFact): Promise<ModelEvent> => recordOnce(place, author, fact);
  const registered = await record(registrationFact(decision));
  const outcome = await promote(version, registered, record);
  const modelPackageArn = await packageOf(version, outcome, record);
  return { version: body.number, ...outcome, modelPackageArn };
}

/** The decision that was registered first holds: the log says how it went on. */
async function promote(
  version: RegisteredVersion,
  registered: ModelEvent,
  record: (fact: EventFact) => Promise<ModelEvent>,
): Promise<Outcome> {
  if (registered.kind !== 'registered')
    throw new Fault(`the log of version ${version.body.number} has no registration`);
  const { decision } = registered;
  if (decision.status === 'candidate') return { status: 'candidate', reasons: decision.reasons };
  const log = await readLog(version.place, version.body.number);
  if (findEvent(log, 'approved') !== undefined) return { status: 'approved', reasons: [] };
  const lost = findEvent(log, 'promotion-lost');
  if (lost !== undefined) return { status: 'candidate', reasons: [lostReason(lost.champion)] };
  return replaceChampion(version, record);
}

/** The version follows exactly the champion that it was compared with. */
async function replaceChampion(
  { place, body, by }: RegisteredVersion,
  record: (fact: EventFact) => Promise<ModelEvent>,
): Promise<Outcome> {
  const compared = body.evaluation.champion?.version ?? null;
  const step = await untilWon('the champion', async () => {
    const pointer = await findChampion(place);
    const next = promotionStep(pointer?.value, { number: body.number, compared, by });
    if (next.kind !== 'promote') return next;
    const location = championLocation(place);
    const written =
      pointer === undefined
        ? await createDocument(location, next.champion)
        : await replaceDocument(location, next.champion, pointer.etag);
    return written === 'created' || written === 'replaced' ? next : LOST;
  });
  if (step.kind === 'lost') {
    const reason = lostReason(step.champion);
    await record({ kind: 'promotion-lost', champion: step.champion, why: reason });
    return { status: 'candidate', reasons: [reason] };
  }
  const previousChampion = step.kind === 'promote' ? step.champion.previous : step.previous;
  await record({ kind: 'approved', previousChampion, why: 'every gate was met' });
  return { status: 'approved', reasons: [] };
}

async function packageOf(
  { place, body, group }: RegisteredVersion,
  { status }: Outcome,
  record: (fact: EventFact) => Promise<ModelEvent>,
): Promise<string> {
  const known = findEvent(await readLog(place, body.number), 'packaged');
  if (known !== undefined) return known.modelPackageArn;
  const modelPackageArn = await createModelPackage(body, { bucket: place.bucket, group, status });
  const recorded = await record({
    kind: 'packaged',
    modelPackageArn,
    why: 'it can be deployed from the model registry',
  });
  return recorded.kind === 'packaged' ? recorded.modelPackageArn : modelPackageArn;
}
