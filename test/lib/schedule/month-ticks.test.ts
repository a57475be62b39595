import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAwsExpression } from '../../../lib/schedule/aws-expression.ts';
import { mostTicksInMonth } from '../../../lib/schedule/month-ticks.ts';

const MINUTE = 60_000;

function most(text: string, zone = 'UTC', minutes = 0): number {
  const expression = readAwsExpression(text);
  if (expression.kind === 'unreadable') throw new Error(expression.problem);
  return mostTicksInMonth(expression, { zone, minutes });
}

describe('what a month can have', () => {
  test.each([
    ['cron(0 4 * * ? *)', 'UTC', 31],
    ['cron(0 4 * * ? *)', 'America/New_York', 31],
    ['cron(0 * * * ? *)', 'UTC', 744],
    ['cron(0 * * * ? *)', 'Asia/Kolkata', 744],
    ['cron(0 * * * ? *)', 'America/New_York', 745],
    ['cron(0 * * * ? *)', 'Europe/Berlin', 745],
    ['cron(* * * * ? *)', 'UTC', 44_640],
    ['cron(0 4 ? * MON *)', 'UTC', 5],
    ['cron(0 4 ? * MON-FRI *)', 'UTC', 23],
    ['cron(0 4 ? * 6L *)', 'UTC', 1],
    ['cron(0 4 ? * 2#5 *)', 'UTC', 1],
    ['cron(0 4 L * ? *)', 'UTC', 1],
    ['cron(0 4 1,15 * ? *)', 'UTC', 2],
    ['cron(0 4 29 2 ? *)', 'UTC', 1],
    ['cron(0 4 30 2 ? *)', 'UTC', 0],
    ['cron(0 4 29 2 ? 2023)', 'UTC', 0],
    ['cron(0 4 ? 2 SUN 2032)', 'UTC', 5],
    ['cron(0 4 ? 2 SUN 2033)', 'UTC', 4],
    ['rate(1 day)', 'UTC', 31],
    ['rate(1 day)', 'America/New_York', 31],
    ['rate(7 days)', 'UTC', 5],
    ['rate(1 hour)', 'UTC', 744],
    ['rate(5 hours)', 'UTC', 149],
    ['rate(40 days)', 'UTC', 1],
    ['at(2027-01-01T00:00:00)', 'UTC', 1],
  ])('%s in %s: %i', (expression, zone, ticks) => {
    expect(most(expression, zone)).toBe(ticks);
  });

  // The UTC month of March begins on 28 February, 19:00 in New York, and ends on 31 March, 20:00.
  test('a daily clock time between the two ends of a month that has fewer hours comes 32 times', () => {
    expect(most('cron(30 19 * * ? *)', 'America/New_York')).toBe(32);
    expect(most('cron(30 18 * * ? *)', 'America/New_York')).toBe(31);
  });

  test('a flexible window lets the last tick of a month start in the next', () => {
    expect(most('cron(0 4 * * ? *)', 'UTC', 15)).toBe(31);
    expect(most('cron(50 23 * * ? *)', 'UTC', 15)).toBe(32);
    expect(most('rate(1 day)', 'UTC', 15)).toBe(32);
  });

  test('a new year of the zone counts in the month of UTC', () => {
    expect(most('cron(0 3 1 1 ? 2027)', 'Pacific/Auckland')).toBe(1);
  });
});

/** Independent of the code: fields of every minute, read from the clocks by `Intl`, without any arithmetic of zones. */
function bruteForce(fields: ClockFields, zone: string, [year, month]: readonly [number, number]): readonly string[] {
  const clock = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const weekday = new Intl.DateTimeFormat('en-US', { timeZone: zone, weekday: 'short' });
  const shown = new Set<string>();
  for (let moment = Date.UTC(year, month); moment < Date.UTC(year, month + 1); moment += 30 * MINUTE) {
    const text = clock.format(moment);
    const [, day, hour, minute] = /-(\d\d), (\d\d):(\d\d)/.exec(text) ?? [];
    const isTick =
      Number(minute) === fields.minute &&
      fields.hours.includes(Number(hour)) &&
      (fields.day === null || fields.day === Number(day)) &&
      (fields.weekday === null || fields.weekday === weekday.format(moment).toUpperCase());
    if (isTick) shown.add(text);
  }
  return [...shown];
}

interface ClockFields {
  readonly minute: number;
  readonly hours: readonly number[];
  readonly day: number | null;
  readonly weekday: string | null;
}

const ZONES = ['UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Auckland'];

describe('against a clock that is read every half hour of 28 years', () => {
  const months = Array.from({ length: 28 * 12 }, (_, index) => [2024 + Math.floor(index / 12), index % 12] as const);
  const oracle = (fields: ClockFields, zone: string): number =>
    Math.max(...months.map((month) => bruteForce(fields, zone, month).length));

  test.each(ZONES)('a fixed time in %s', (zone) => {
    expect(most('cron(30 20 * * ? *)', zone)).toBe(oracle({ minute: 30, hours: [20], day: null, weekday: null }, zone));
  });
});

test('no month has more ticks', () => {
  const arbitrary = fc.record({
    zone: fc.constantFrom(...ZONES),
    minute: fc.constantFrom(0, 30),
    hour: fc.integer({ min: 0, max: 23 }),
    month: fc.integer({ min: 0, max: 11 }),
    year: fc.integer({ min: 2024, max: 2051 }),
    days: fc.oneof(
      fc.record({ day: fc.integer({ min: 1, max: 31 }), weekday: fc.constant(null) }),
      fc.record({ day: fc.constant(null), weekday: fc.constantFrom('SUN', 'WED', 'SAT') }),
    ),
  });

  fc.assert(
    fc.property(arbitrary, ({ zone, minute, hour, month, year, days }) => {
      const cron = `cron(${minute} ${hour} ${days.day ?? '?'} * ${days.weekday ?? '?'} *)`;
      const fields = { minute, hours: [hour], ...days };

      expect(bruteForce(fields, zone, [year, month]).length).toBeLessThanOrEqual(most(cron, zone));
      // Of several hours, a skipped one counts: never more than the hours that the clocks jump.
      const several = bruteForce({ ...fields, hours: [hour, (hour + 1) % 24] }, zone, [year, month]).length;
      expect(several).toBeLessThanOrEqual(most(cron.replace(` ${hour} `, ` ${hour},${(hour + 1) % 24} `), zone));
    }),
    { numRuns: 60 },
  );
});
