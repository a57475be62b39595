import { UserError } from '../errors/user-error.ts';
import type { CronFields } from './cron-fields.ts';
import { type LocalMinute, toUtc } from './zone.ts';

/** A schedule: fields on the clocks of a zone (IANA name). */
export interface Schedule {
  readonly fields: CronFields;
  readonly zone: string;
}

const DAY = 86_400_000;

/** A schedule that ticks less than once in so many days is not one (29 February comes after eight years at most). */
const LONGEST_SEARCH_DAYS = 8 * 366 + 1;

/**
 * Ticks of the schedule in `[from, to)`, UTC milliseconds, ascending. A clock time that a zone skips in spring does not
 * tick; one that it repeats in autumn ticks once, the first time.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time (2026-11-20).
 */
export function* ticksBetween(schedule: Schedule, from: number, to: number): Generator<number> {
  // A zone is at most 14 hours ahead or 12 behind, so one day of margin covers every local date.
  for (let day = Math.floor(from / DAY) * DAY - DAY; day < to + DAY; day += DAY) {
    for (const tick of ticksOfDate(schedule, localDateOf(day))) {
      if (tick >= from && tick < to) yield tick;
    }
  }
}

type LocalDate = Pick<LocalMinute, 'year' | 'month' | 'day'>;

function localDateOf(utcMidnight: number): LocalDate {
  const date = new Date(utcMidnight);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** In order of time, also where the clocks change. */
function ticksOfDate({ fields, zone }: Schedule, date: LocalDate): readonly number[] {
  if (!isDayOf(fields, date)) return [];
  const minutes = fields.hours.flatMap((hour) => fields.minutes.map((minute) => ({ ...date, hour, minute })));
  const ticks = minutes.map((minute) => toUtc(minute, zone)).filter((tick) => tick !== undefined);
  return ticks.sort((a, b) => a - b);
}

function isDayOf({ months, daysOfMonth, daysOfWeek }: CronFields, { year, month, day }: LocalDate): boolean {
  if (!months.includes(month)) return false;
  if (daysOfMonth !== null && !daysOfMonth.includes(day)) return false;
  return daysOfWeek?.includes(new Date(Date.UTC(year, month - 1, day)).getUTCDay()) ?? true;
}

/**
 * The first tick strictly after a moment (UTC milliseconds).
 *
 * @throws UserError empty-schedule
 */
export function tickAfter(schedule: Schedule, moment: number): number {
  for (const tick of ticksBetween(schedule, moment + 1, moment + LONGEST_SEARCH_DAYS * DAY)) return tick;
  throw new UserError({
    code: 'empty-schedule',
    message: 'the schedule has no tick: no month has the day that it names',
    resolution: 'name a day that exists in the months of the schedule',
  });
}

/** `2001-07-01T08:00:00Z` */
export const slotOf = (tick: number): string => `${new Date(tick).toISOString().slice(0, 19)}Z`;

/**
 * The slot that a new run has by default: the first tick after the newest landing unit's UTC day has ended.
 *
 * @param newestUnit an ISO day
 */
export function slotAfterUnit(schedule: Schedule, newestUnit: string): string {
  return slotOf(tickAfter(schedule, Date.parse(`${newestUnit}T00:00:00Z`) + DAY));
}

/** The slots of a backfill, from and to both inclusive, ascending. Empty where no tick lies between them. */
export function slotsBetween(schedule: Schedule, from: string, to: string): readonly string[] {
  return [...ticksBetween(schedule, Date.parse(from), Date.parse(to) + 1)].map(slotOf);
}

/** Whether a slot is a tick of the schedule. */
export const isTick = (schedule: Schedule, slot: string): boolean =>
  tickAfter(schedule, Date.parse(slot) - 1) === Date.parse(slot);
