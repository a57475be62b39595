import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseLandingUnits, reaches, slotReach } from '../../../lib/runs/landing-units.ts';

const DAY = 86_400_000;
const days = (count: number): number => count * DAY * 1_000;
const object = (key: string) => ({ key: `raw/flights/${key}`, size: 1, etag: 'e' });

describe('the reach of a slot', () => {
  it('goes from a day before the first event that a feature needs to the last day that began before the slot', () => {
    const lookback = { historyMicroseconds: days(2), lookbackMicroseconds: days(1) };

    expect(slotReach('2001-07-10T08:00:00Z', lookback)).toEqual({ first: '2001-07-06', last: '2001-07-10' });
    expect(slotReach('2001-07-10T00:00:00Z', lookback)).toEqual({ first: '2001-07-06', last: '2001-07-09' });
  });

  it('has no beginning where a latest value has none', () => {
    const reach = slotReach('2001-07-10T08:00:00Z', { historyMicroseconds: days(2), lookbackMicroseconds: null });

    expect(reaches(reach, '1970-01-01')).toBe(true);
    expect(reaches(reach, '2001-07-11')).toBe(false);
  });

  it('holds the unit of every event that can matter, on clocks at or behind UTC, and no day of the future', () => {
    const instants = fc.integer({ min: Date.parse('2000-01-01'), max: Date.parse('2030-01-01') });
    fc.assert(
      fc.property(
        instants,
        fc.nat({ max: 400 * 86_400 }),
        fc.nat({ max: 86_400 * 30 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: -12 * 60, max: 0 }),
        (end, history, lookback, place, offsetMinutes) => {
          const slotTime = Math.floor(end / 1_000) * 1_000;
          const slot = `${new Date(slotTime).toISOString().slice(0, 19)}Z`;
          const reach = slotReach(slot, {
            historyMicroseconds: history * 1_000_000,
            lookbackMicroseconds: lookback * 1_000_000,
          });
          const length = (history + lookback) * 1_000;
          const event = slotTime - 1 - Math.floor(Math.max(0, length - 1) * place);
          const localDay = new Date(event + offsetMinutes * 60_000).toISOString().slice(0, 10);

          expect(reaches(reach, localDay)).toBe(true);
          expect(Date.parse(reach.last)).toBeLessThan(slotTime);
        },
      ),
    );
  });
});

describe('choosing landing units from a listing', () => {
  const reach = { first: '2001-01-02', last: '2001-01-03' };

  it('takes the .csv objects of the days in reach, both in order of their names', () => {
    const listing = [
      '2001-01-03/b.csv',
      '2001-01-03/a.csv',
      '2001-01-02/a.csv',
      '2001-01-01/a.csv',
      '2001-01-04/a.csv',
    ];

    expect(chooseLandingUnits('flights', listing.map(object), reach)).toEqual([
      { unit: '2001-01-02', objects: [object('2001-01-02/a.csv')] },
      { unit: '2001-01-03', objects: [object('2001-01-03/a.csv'), object('2001-01-03/b.csv')] },
    ]);
  });

  it('leaves alone what is no .csv, folder markers, and what lies below a folder that begins with _ or .', () => {
    const listing = ['2001-01-02/', '2001-01-02/_SUCCESS', '2001-01-02/a.csv', '_incoming/a.csv', '.tmp/a.csv'];

    expect(chooseLandingUnits('flights', listing.map(object), reach)).toEqual([
      { unit: '2001-01-02', objects: [object('2001-01-02/a.csv')] },
    ]);
  });

  it('refuses files where no unit can be, all of them at once', () => {
    const listing = ['2001-01-02/a.csv', 'stray.csv', '2001-1-2/a.csv', '2001-02-30/a.csv', '2001-01-02/deeper/a.csv'];

    const choose = () => chooseLandingUnits('flights', listing.map(object), reach);

    expect(choose).toThrow(/4 problems/);
    expect(choose).toThrow(/raw\/flights\/2001-02-30\/a.csv/);
  });

  it('says what is there when nothing is in reach', () => {
    expect(() => chooseLandingUnits('flights', [], reach)).toThrow(
      'no landing unit of flights lies in what the slot reaches, 2001-01-02 to 2001-01-03; there is none',
    );
    expect(() => chooseLandingUnits('flights', [object('2001-01-09/a.csv')], reach)).toThrow(
      'there are 2001-01-09 to 2001-01-09',
    );
  });
});
