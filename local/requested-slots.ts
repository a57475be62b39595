import { rawPrefix } from '../lib/contracts/object-keys.ts';
import { isSlot } from '../lib/contracts/run-input.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { isTick, type Schedule, slotAfterUnit, slotOf, slotsBetween, tickAfter } from '../lib/schedule/slots.ts';
import type { ObjectFiles } from './endpoint/s3/object-files.ts';
import type { PipelineFacts } from './pipeline-facts.ts';

/** Which slots to run. */
export type SlotRequest =
  /** The first tick of the schedule after the newest landing unit. */
  | { readonly kind: 'newest' }
  | { readonly kind: 'slot'; readonly slot: string }
  /** A backfill: every tick from `from` to `to`, both inclusive. */
  | { readonly kind: 'range'; readonly from: string; readonly to: string };

/** @throws UserError no-landing-units, invalid-slot, no-slots */
export async function resolveSlots(
  request: SlotRequest,
  facts: PipelineFacts,
  objects: ObjectFiles,
): Promise<readonly string[]> {
  const units = await listUnits(facts, objects);
  const newest = units.at(-1);
  if (newest === undefined) throw noLandingUnits(facts, objects);
  switch (request.kind) {
    case 'newest':
      return [slotAfterUnit(facts.schedule, newest)];
    case 'slot':
      return [requireTick(facts.schedule, request.slot)];
    default:
      return slotsOfRange(facts.schedule, requireSlot(request.from), requireSlot(request.to));
  }
}

/** The landing units that have a CSV file, ascending. */
async function listUnits({ source, dataBucket }: PipelineFacts, objects: ObjectFiles): Promise<readonly string[]> {
  const prefix = rawPrefix(source);
  const keys = await objects.listKeys(dataBucket, prefix);
  const units = keys.flatMap((key) => /^(\d{4}-\d{2}-\d{2})\/[^/]+\.csv$/.exec(key.slice(prefix.length))?.[1] ?? []);
  return [...new Set(units)].sort();
}

function noLandingUnits({ source, dataBucket }: PipelineFacts, objects: ObjectFiles): UserError {
  const folder = `${objects.root}/${dataBucket}/${rawPrefix(source)}`;
  return new UserError({
    code: 'no-landing-units',
    message: `no CSV file of source ${source} has landed below ${folder}`,
    resolution: `put each day's export into a folder of its own: ${folder}2001-01-31/flights.csv`,
  });
}

function requireSlot(text: string): string {
  if (isSlot(text)) return text;
  throw new UserError({
    code: 'invalid-slot',
    message: `${JSON.stringify(text)} is no slot`,
    resolution: 'give a time in UTC to the second, such as 2001-07-01T08:00:00Z',
  });
}

function requireTick(schedule: Schedule, text: string): string {
  const slot = requireSlot(text);
  if (isTick(schedule, slot)) return slot;
  throw new UserError({
    code: 'invalid-slot',
    message: `${slot} is no tick of the schedule`,
    resolution: `give one that is, such as the next, ${slotOf(tickAfter(schedule, Date.parse(slot)))}`,
  });
}

function slotsOfRange(schedule: Schedule, from: string, to: string): readonly string[] {
  const slots = slotsBetween(schedule, from, to);
  if (slots.length > 0) return slots;
  throw new UserError({
    code: 'no-slots',
    message: `the schedule has no tick from ${from} to ${to}`,
    resolution: `give a range that holds one, such as ${slotOf(tickAfter(schedule, Date.parse(from)))}`,
  });
}
