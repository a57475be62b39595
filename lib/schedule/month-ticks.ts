import { calendarDayOf } from './aws-days.ts';
import type { AwsCron, AwsExpression } from './aws-expression.ts';
import { offsetAt } from './zone.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LONGEST_MONTH = 31 * DAY;

/** All fourteen calendars occur in 28 years, and with them every rule of a zone that names a weekday. */
const SAMPLE_YEARS = Array.from({ length: 28 }, (_, index) => 2024 + index);

/** When and where an expression is evaluated. */
export interface TickWindow {
  /** IANA name. */
  readonly zone: string;
  /** How long after its tick a target may be invoked: the flexible time window, 0 without one. */
  readonly minutes: number;
}

/**
 * The most ticks of an expression whose target can be invoked within one calendar month (UTC). Clock times of a
 * schedule with one hour a day are skipped in spring and come once in autumn, as AWS documents it; of one with several
 * hours it does not say, so both the skipped and the repeated times count.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html (2026-11-20).
 */
export function mostTicksInMonth(expression: AwsExpression, { zone, minutes }: TickWindow): number {
  switch (expression.kind) {
    case 'once':
      return 1;
    case 'rate':
      return Math.ceil((LONGEST_MONTH + minutes * MINUTE) / (expression.minutes * MINUTE));
    case 'cron':
      return mostCronTicks(expression, zone, minutes * MINUTE);
  }
}

function mostCronTicks(cron: AwsCron, zone: string, window: number): number {
  const timesOfDay = cron.hours.flatMap((hour) => cron.minutes.map((minute) => hour * HOUR + minute * MINUTE));
  const count = (from: number, to: number): number => countTicks(cron, timesOfDay, from, to);
  const isAnyHour = cron.hours.length > 1;
  let most = 0;
  for (const [start, end] of monthsOf(cron)) {
    const clocks = zone === 'UTC' ? [[start - window, end] as const] : clockIntervals(start - window, end, zone);
    const ticks = sumOf(clocks.map(([from, to]) => count(from, to)));
    const changes = clocks.slice(1).map(([from], index) => ({ shown: clocks[index]?.[1] ?? from, next: from }));
    const skipped = sumOf(changes.map(({ shown, next }) => count(shown, next)));
    const repeated = sumOf(changes.map(({ shown, next }) => count(next, shown)));
    most = Math.max(most, isAnyHour ? ticks + skipped : ticks - repeated);
  }
  return most;
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Start (inclusive) and end (exclusive) of the UTC months in which the expression can tick. */
function monthsOf({ years }: AwsCron): readonly (readonly [number, number])[] {
  // A zone's new year is up to a day away from that of UTC, a flexible window another.
  const near = years === null ? SAMPLE_YEARS : [...new Set(years.flatMap((year) => [year - 1, year, year + 1]))];
  return near.flatMap((year) =>
    Array.from({ length: 12 }, (_, month) => [Date.UTC(year, month), Date.UTC(year, month + 1)] as const),
  );
}

/**
 * What the clocks of a zone show from one moment until another, as intervals `[from, to)` of clock times: one, and
 * another after each change of the clocks.
 */
function clockIntervals(from: number, to: number, zone: string): readonly (readonly [number, number])[] {
  const moments = [from];
  for (let moment = from; moment < to; moment = Math.min(to, moment + 7 * DAY)) {
    const next = Math.min(to, moment + 7 * DAY);
    if (offsetAt(moment, zone) !== offsetAt(next, zone)) moments.push(changeBetween(moment, next, zone));
  }
  return moments.map((moment, index) => {
    const offset = offsetAt(moment, zone);
    return [moment + offset, (moments[index + 1] ?? to) + offset] as const;
  });
}

/** The moment between two at which the clocks of the zone change; a whole minute. */
function changeBetween(before: number, after: number, zone: string): number {
  const offset = offsetAt(before, zone);
  let [low, high] = [before / MINUTE, after / MINUTE];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * MINUTE, zone) === offset) low = middle;
    else high = middle;
  }
  return high * MINUTE;
}

/** Ticks whose clock time lies in `[from, to)`. */
function countTicks(cron: AwsCron, timesOfDay: readonly number[], from: number, to: number): number {
  let ticks = 0;
  for (let day = Math.floor(from / DAY) * DAY; day < to; day += DAY) {
    if (!isDayOf(cron, day)) continue;
    const isWhole = day >= from && day + DAY <= to;
    ticks += isWhole ? timesOfDay.length : timesOfDay.filter((time) => day + time >= from && day + time < to).length;
  }
  return ticks;
}

function isDayOf({ days, months, years }: AwsCron, midnight: number): boolean {
  const day = calendarDayOf(midnight);
  return months.includes(day.month) && (years?.includes(day.year) ?? true) && days(day);
}
