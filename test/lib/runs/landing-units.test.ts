import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseLandingUnits, reaches, slotReach } from '../../../lib/runs/landing-units.ts';

const DAY = 86_400_000;
const days = (count: number): number => count * DAY * 1_000;
const object = (key: string) => ({ key: `raw/flights/${key}`, size: 1, etag: 'e' });
const events = (lookbackMicroseconds: number | null) => ({ kind: 'events', lookbackMicroseconds }) as const;
const AIRPORTS = { name: 'flights', kind: 'static', lookbackMicroseconds: null } as const;

describe('the reach of a slot', () => {
  it('goes from a day before the first event that a feature needs to the last day that began before the slot', () => {
    const reachOf = (slot: string) => slotReach({ slot, historyMicroseconds: days(2) }, events(days(1)));

    expect(reachOf('2001-07-10T08:00:00Z')).toEqual({ first: '2001-07-06', last: '2001-07-10' });
    expect(reachOf('2001-07-10T00:00:00Z')).toEqual({ first: '2001-07-06', last: '2001-07-09' });
  });

  it('is each source’s own: one that only labels read goes back as far as labels do', () => {
    const reach = slotReach({ slot: '2001-07-10T08:00:00Z', historyMicroseconds: days(2) }, events(0));

    expect(reach).toEqual({ first: '2001-07-07', last: '2001-07-10' });
  });

  it('of a static table has no beginning, whatever the history', () => {
    const reach = slotReach({ slot: '2001-07-10T00:00:00Z', historyMicroseconds: 1 }, AIRPORTS);

    expect(reach).toEqual({ first: null, last: '2001-07-09' });
  });

  it('has no beginning where a latest value has none', () => {
    const reach = slotReach({ slot: '2001-07-10T08:00:00Z', historyMicroseconds: days(2) }, events(null));

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
          const reach = slotReach({ slot, historyMicroseconds: history * 1_000_000 }, events(lookback * 1_000_000));
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
  const history = { slot: '2001-01-04T00:00:00Z', historyMicroseconds: days(0) };
  const flights = { name: 'flights', ...events(days(1)) };
  const source = 'flights';

  it('takes the .csv objects of the days in reach, both in order of their names', () => {
    const listing = [
      '2001-01-03/b.csv',
      '2001-01-03/a.csv',
      '2001-01-02/a.csv',
      '2001-01-01/a.csv',
      '2001-01-04/a.csv',
    ];

    expect(chooseLandingUnits(flights, listing.map(object), history)).toEqual([
      { source, unit: '2001-01-02', objects: [object('2001-01-02/a.csv')] },
      { source, unit: '2001-01-03', objects: [object('2001-01-03/a.csv'), object('2001-01-03/b.csv')] },
    ]);
  });

  it('leaves alone what is no .csv, folder markers, and what lies below a folder that begins with _ or .', () => {
    const listing = ['2001-01-02/', '2001-01-02/_SUCCESS', '2001-01-02/a.csv', '_incoming/a.csv', '.tmp/a.csv'];

    expect(chooseLandingUnits(flights, listing.map(object), history)).toEqual([
      { source, unit: '2001-01-02', objects: [object('2001-01-02/a.csv')] },
    ]);
  });

  it('takes the newest unit of a static table as the whole table, however old it is', () => {
    const listing = ['1990-01-01/a.csv', '1995-01-01/a.csv', '1995-01-01/b.csv', '2001-01-04/a.csv'];

    expect(chooseLandingUnits(AIRPORTS, listing.map(object), history)).toEqual([
      { source, unit: '1995-01-01', objects: [object('1995-01-01/a.csv'), object('1995-01-01/b.csv')] },
    ]);
    expect(() => chooseLandingUnits(AIRPORTS, listing.slice(3).map(object), history)).toThrow(
      'no landing unit of flights lies in what the slot reaches, the beginning to 2001-01-03',
    );
  });

  it('refuses files where no unit can be, all of them at once', () => {
    const listing = ['2001-01-02/a.csv', 'stray.csv', '2001-1-2/a.csv', '2001-02-30/a.csv', '2001-01-02/deeper/a.csv'];

    const choose = () => chooseLandingUnits(flights, listing.map(object), history);

    expect(choose).toThrow(/4 problems/);
    expect(choose).toThrow(/raw\/flights\/2001-02-30\/a.csv/);
  });

  it('says what is there when nothing is in reach', () => {
    expect(() => chooseLandingUnits(flights, [], history)).toThrow(
      'no landing unit of flights lies in what the slot reaches, 2001-01-02 to 2001-01-03; there is none',
    );
    expect(() => chooseLandingUnits(flights, [object('2001-01-09/a.csv')], history)).toThrow(
      'there are 2001-01-09 to 2001-01-09',
    );
  });
});
