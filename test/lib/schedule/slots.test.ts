import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCrontab, readSchedulerExpression } from '../../../lib/schedule/cron-fields.ts';
import { isTick, type Schedule, slotAfterUnit, slotOf, slotsBetween, tickAfter } from '../../../lib/schedule/slots.ts';

const schedule = (fields: string, zone: string): Schedule => ({ fields: readCrontab(fields), zone });
const nightly = schedule('0 4 * * *', 'America/New_York');

describe('the slot of a new run', () => {
  test.each([
    // New York is five hours behind UTC in winter and four in summer.
    ['2001-01-31', '2001-02-01T09:00:00Z'],
    ['2001-06-30', '2001-07-01T08:00:00Z'],
    ['2001-12-31', '2002-01-01T09:00:00Z'],
    ['2000-02-29', '2000-03-01T09:00:00Z'],
  ])('is the first tick after the day of %s: %s', (unit, slot) => {
    expect(slotAfterUnit(nightly, unit)).toBe(slot);
  });

  test('is never the moment at which the day ends', () => {
    expect(slotAfterUnit(schedule('0 0 * * *', 'UTC'), '2001-01-31')).toBe('2001-02-02T00:00:00Z');
  });
});

describe('clock changes', () => {
  // On 2001-04-01 New York went from 2:00 to 3:00, on 2001-10-28 from 2:00 back to 1:00.
  test('a time that is skipped in spring does not tick', () => {
    const skipped = schedule('30 2 * * *', 'America/New_York');
    expect(slotsBetween(skipped, '2001-03-31T00:00:00Z', '2001-04-03T00:00:00Z')).toEqual([
      '2001-03-31T07:30:00Z',
      '2001-04-02T06:30:00Z',
    ]);
  });

  test('a time that comes twice in autumn ticks once, the first time', () => {
    const twice = schedule('30 1 * * *', 'America/New_York');
    expect(slotsBetween(twice, '2001-10-27T00:00:00Z', '2001-10-30T00:00:00Z')).toEqual([
      '2001-10-27T05:30:00Z',
      '2001-10-28T05:30:00Z',
      '2001-10-29T06:30:00Z',
    ]);
  });

  test('south of the equator they are the other way round', () => {
    const sydney = schedule('0 12 * * *', 'Australia/Sydney');
    expect(slotsBetween(sydney, '2001-03-24T00:00:00Z', '2001-03-25T23:59:59Z')).toEqual([
      '2001-03-24T01:00:00Z',
      '2001-03-25T02:00:00Z',
    ]);
  });
});

describe('backfills', () => {
  test('hold both ends', () => {
    expect(slotsBetween(nightly, '2001-01-31T09:00:00Z', '2001-02-02T09:00:00Z')).toEqual([
      '2001-01-31T09:00:00Z',
      '2001-02-01T09:00:00Z',
      '2001-02-02T09:00:00Z',
    ]);
  });

  test('are empty between two ticks', () => {
    expect(slotsBetween(nightly, '2001-01-31T09:00:01Z', '2001-02-01T08:59:59Z')).toEqual([]);
  });
});

test('the next tick is the earliest moment at which the clocks show the fields', () => {
  const zones = ['UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Pacific/Auckland', 'Pacific/Honolulu'];
  const minute = 60_000;
  const arbitrary = fc.record({
    zone: fc.constantFrom(...zones),
    at: fc
      .integer({ min: Date.UTC(1995, 0), max: Date.UTC(2030, 0) })
      .map((time) => Math.floor(time / minute) * minute),
    hour: fc.integer({ min: 3, max: 23 }),
    past: fc.integer({ min: 0, max: 59 }),
  });

  fc.assert(
    fc.property(arbitrary, ({ zone, at, hour, past }) => {
      const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
      const shown = `${String(hour).padStart(2, '0')}:${String(past).padStart(2, '0')}`;

      const tick = tickAfter(schedule(`${past} ${hour} * * *`, zone), at);

      // After three in the morning every clock time comes once a day, and a day has at most 25 hours.
      expect(clock.format(tick)).toBe(shown);
      expect(tick).toBeGreaterThan(at);
      expect(tick - at).toBeLessThanOrEqual(25 * 60 * minute);
      expect(isTick(schedule(`${past} ${hour} * * *`, zone), slotOf(tick))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

describe('fields', () => {
  test('numbers, names, ranges, steps and lists', () => {
    expect(readCrontab('*/20 8-10,22 * JAN-MAR,12 MON-FRI')).toEqual({
      minutes: [0, 20, 40],
      hours: [8, 9, 10, 22],
      daysOfMonth: null,
      months: [1, 2, 3, 12],
      daysOfWeek: [1, 2, 3, 4, 5],
    });
  });

  test('Sunday is 0 and 7 in a crontab, 1 for the scheduler', () => {
    expect(readCrontab('0 4 * * 0').daysOfWeek).toEqual([0]);
    expect(readCrontab('0 4 * * 7').daysOfWeek).toEqual([0]);
    expect(readSchedulerExpression('cron(0 4 ? * 1 *)').daysOfWeek).toEqual([0]);
    expect(readSchedulerExpression('cron(0 4 ? * SAT *)').daysOfWeek).toEqual([6]);
  });

  test('days of the month', () => {
    const monthly = schedule('0 0 31 * *', 'UTC');
    expect(slotsBetween(monthly, '2001-01-01T00:00:00Z', '2001-05-31T00:00:00Z')).toEqual([
      '2001-01-31T00:00:00Z',
      '2001-03-31T00:00:00Z',
      '2001-05-31T00:00:00Z',
    ]);
  });

  test('a date that comes every four years is found, one that never comes is refused', () => {
    expect(slotOf(tickAfter(schedule('0 0 29 2 *', 'UTC'), Date.UTC(1896, 2)))).toBe('1904-02-29T00:00:00Z');
    expect(() => tickAfter(schedule('0 0 30 2 *', 'UTC'), 0)).toThrow('no tick');
  });

  test.each([
    '',
    '0 4 * *',
    '0 4 * * * *',
    '60 4 * * *',
    '0 24 * * *',
    '0 4 0 * *',
    '0 4 * 13 *',
    '5-1 4 * * *',
    '*/0 4 * * *',
    'x 4 * * *',
    '0 4 1 * 1',
  ])('the crontab %j is refused', (fields) => {
    expect(() => readCrontab(fields)).toThrow(/^cron /);
  });

  test.each(['rate(1 day)', 'cron(0 4 * * ?)', 'cron(0 4 * * ? 2001)'])(
    'the expression %j is refused',
    (expression) => {
      expect(() => readSchedulerExpression(expression)).toThrow(/^cron /);
    },
  );
});
