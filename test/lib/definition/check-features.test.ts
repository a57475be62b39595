import { describe, expect, it } from 'vitest';
import { checkDefinition } from '../../../lib/definition/check-definition.ts';
import {
  byEntity,
  caseWhen,
  count,
  countDistinct,
  csv,
  type Definition,
  day,
  days,
  derived,
  double,
  type FeaturePart,
  featureView,
  fromLabel,
  hours,
  integer,
  label,
  lastN,
  latest,
  max,
  mean,
  minutes,
  quantile,
  source,
  staticTable,
  sum,
  text,
  timestamp,
  variance,
  window,
  withJoinKeys,
} from '../../../lib/definition/index.ts';
import type { Duration } from '../../../lib/units/duration.ts';
import { quotes, trips, tripsPipeline } from '../../support/trips-pipeline.ts';

const definitionOf = (features: readonly FeaturePart[], changes: Partial<Definition> = {}): Definition => ({
  ...tripsPipeline(),
  features,
  ...changes,
});

const diagnosticsOf = (features: readonly FeaturePart[], changes: Partial<Definition> = {}) =>
  checkDefinition(definitionOf(features, changes)).diagnostics;

const problemsOf = (features: readonly FeaturePart[], changes: Partial<Definition> = {}) =>
  diagnosticsOf(features, changes).map(({ at, code }) => `${at} ${code}`);

const base = { entity: ['origin'], windows: [hours(3), days(7)] } as const;

/** Readings whose known time is half an hour after their event, and so a constant. */
const readings = source('readings', {
  format: csv({ header: true }),
  columns: { taken: timestamp(), station: text(), number: integer(), level: double() },
  eventTime: 'taken',
  knownTime: minutes(30),
  partition: day('taken'),
});

describe('checkFeatures, aggregates', () => {
  it('takes every kind with every option that it has', () => {
    const view = featureView('v', trips, {
      ...base,
      windows: [hours(3), window(days(7), { hop: hours(1) })],
      aggregates: {
        n: count({ where: ({ cancelled }) => cancelled, over: [hours(3)] }),
        codes: countDistinct('code'),
        paid: sum('price', { scale: 2, default: 0, over: [window(days(7), { hop: hours(1) })] }),
        spread: variance('delay'),
        median: quantile('price', 0.5, { default: -1 }),
        recent: lastN('delay', 3),
      },
    });

    expect(problemsOf([view])).toEqual([]);
  });

  it('reports every option that does not fit, at its path', () => {
    const view = featureView('v', trips, {
      ...base,
      aggregates: {
        a: sum('price'),
        b: sum('delay', { scale: 2 }),
        c: mean('price', { scale: 10 }),
        d: max('price', { scale: 2 } as never),
        e: count({ default: 0 }),
        f: max('delay', { default: Number.NaN }),
        g: max('delay', { over: [] }),
        h: max('delay', { over: [hours(3), hours(4), window(days(7), { end: 'open' })] }),
        i: lastN('delay', 101),
        j: quantile('delay', 1.5),
        k: latest('delay', { over: [hours(3)] }),
        l: max('delay', { where: ({ delay }: { delay: unknown }) => delay } as never),
        m: max('delay', { wher: ({ cancelled }: { cancelled: unknown }) => cancelled } as never),
      },
    } as never);

    expect(problemsOf([view])).toEqual([
      'features.v.aggregates.a wrong-type',
      'features.v.aggregates.b wrong-type',
      'features.v.aggregates.c.scale out-of-range',
      'features.v.aggregates.d.scale not-allowed',
      'features.v.aggregates.e.default unused',
      'features.v.aggregates.f.default out-of-range',
      'features.v.aggregates.g.over missing',
      'features.v.aggregates.h.over[1] unknown-window',
      'features.v.aggregates.h.over[2] unknown-window',
      'features.v.aggregates.i.n out-of-range',
      'features.v.aggregates.j.fraction out-of-range',
      'features.v.aggregates.k.over not-allowed',
      'features.v.aggregates.l.where wrong-type',
      'features.v.aggregates.m.wher unknown-option',
    ]);
  });

  it('says which windows there are', () => {
    const view = featureView('v', trips, { ...base, aggregates: { most: max('delay', { over: [hours(4)] }) } });

    expect(diagnosticsOf([view])).toMatchObject([
      { message: 'the view has no window 4h', fix: 'use windows of the view: 3h, 7d' },
    ]);
  });
});

describe('checkFeatures, windows', () => {
  it('refuses hops that do not divide the window, ends that are none, and windows that mean the same', () => {
    const view = featureView('v', trips, {
      entity: ['origin'],
      windows: [
        window(hours(3), { hop: minutes(50) }),
        window(hours(3), { hop: hours(6) }),
        window(hours(3), { hop: hours(1), start: 'open' }),
        window(hours(4), { end: 'shut' as never }),
        window(hours(5), { hopp: hours(1) } as never),
        window(hours(6), { start: 'open', end: 'closed' }),
        hours(6),
      ],
      aggregates: { n: count() },
    });

    expect(problemsOf([view])).toEqual([
      'features.v.windows[0].hop out-of-range',
      'features.v.windows[1].hop out-of-range',
      'features.v.windows[2].start not-allowed',
      'features.v.windows[3].end not-allowed',
      'features.v.windows[4].hopp unknown-option',
      'features.v.windows[6] duplicate',
    ]);
  });

  it('refuses windows and a ttl that no row can be inside of once it is known', () => {
    const view = featureView('v', readings, {
      entity: ['station'],
      windows: [minutes(29), minutes(30), minutes(31), window(minutes(30), { start: 'closed' })],
      ttl: minutes(30),
      aggregates: { n: count(), level: latest('level') },
    });

    const changes = { label: label(readings, { at: 'taken', is: ({ level }) => level.moreThan(3) }) };
    expect(diagnosticsOf([view], changes).map(({ at, message }) => `${at}: ${message}`)).toEqual([
      'features.v.windows[0]: a row is known 30 minutes after its event and is left behind after 29 minutes: none can ever count',
      'features.v.windows[1]: a row is known 30 minutes after its event and is left behind after 30 minutes: none can ever count',
      'features.v.ttl: a row is known 30 minutes after its event and is left behind after 30 minutes: none can ever count',
    ]);
  });
});

describe('checkFeatures, the label inside its own features', () => {
  const view = featureView('v', readings, { entity: ['station'], windows: [hours(3)], aggregates: { n: count() } });
  const labelAfter = (length: Duration) => ({
    label: label(readings, { at: ({ taken }) => taken.plus(length), is: ({ level }) => level.moreThan(3) }),
  });

  it('refuses a label that is taken when its own row is known and still inside', () => {
    expect(problemsOf([view], labelAfter(minutes(29)))).toEqual([]);
    expect(problemsOf([view], labelAfter(minutes(30)))).toEqual(['features.v label-inside']);
    expect(problemsOf([view], labelAfter(hours(2)))).toEqual(['features.v label-inside']);
    expect(problemsOf([view], labelAfter(hours(3)))).toEqual([]);
  });

  it('looks at views that find the own row: not by other columns, not over other sources', () => {
    const other = { ...readings, name: 'others' };
    const elsewhere = featureView('w', other, {
      entity: ['station'],
      windows: [hours(3)],
      aggregates: { n: count() },
    });
    const numbers = featureView('n', readings, { entity: ['number'], windows: [hours(3)], aggregates: { n: count() } });

    expect(problemsOf([elsewhere], labelAfter(hours(1)))).toEqual([]);
    expect(problemsOf([numbers], labelAfter(hours(1)))).toEqual(['features.n label-inside']);
  });

  it('looks at latest values without end too', () => {
    const last = featureView('l', readings, { entity: ['station'], aggregates: { level: latest('level') } });

    expect(problemsOf([last], labelAfter(days(30)))).toEqual(['features.l label-inside']);
  });
});

describe('checkFeatures, entities', () => {
  const stations = featureView('stations', readings, {
    entity: ['station', 'number'],
    windows: [hours(3)],
    aggregates: { level: max('level') },
  });

  it('finds the rows of another source by the columns that the join keys name', () => {
    const mapped = withJoinKeys(stations, { station: 'origin', number: 'delay' }, { name: 'origin_stations' });

    expect(problemsOf([mapped])).toEqual([]);
  });

  it('refuses an entity that the label has no column for, of another type, or that is none', () => {
    const half = withJoinKeys(stations, { station: 'delay', level: 'price' } as never, { name: 'half' });

    expect(diagnosticsOf([stations, half]).map(({ at, code, message }) => `${at} ${code}: ${message}`)).toEqual([
      "features.stations.entity[0] unknown-entity: the label's source has no column station to find the entity station by",
      "features.stations.entity[1] unknown-entity: the label's source has no column number to find the entity number by",
      'features.half.joinKeys.level unknown-column: level is not in the entity of the view',
      "features.half.entity[0] wrong-type: the entity station is of type text, the label's column delay of type integer",
      "features.half.entity[1] unknown-entity: the label's source has no column number to find the entity number by",
    ]);
  });

  it('refuses features of the label that are of other rows', () => {
    expect(diagnosticsOf([fromLabel(quotes, { delay: 'delay' })])).toMatchObject([
      { at: 'features.fromLabel', code: 'not-allowed', fix: 'take them from trips, or use a featureView over quotes' },
    ]);
  });

  it('refuses a split by what the label does not have', () => {
    const shares = { train: 0.7, validation: 0.2, test: 0.1 };
    const view = featureView('v', trips, { ...base, aggregates: { n: count() } });
    const splitBy = (entity: readonly string[]) => problemsOf([view], { split: byEntity({ entity, ...shares }) });

    expect(splitBy(['code', 'delay'])).toEqual([]);
    expect(splitBy([])).toEqual(['split.entity missing']);
    expect(splitBy(['price', 'station', 'code', 'code'])).toEqual([
      'split.entity[0] wrong-type',
      'split.entity[1] unknown-column',
      'split.entity[3] duplicate',
    ]);
    expect(problemsOf([view], { split: { kind: 'by-luck', ...shares } as never })).toEqual(['split not-allowed']);
  });
});

describe('checkFeatures, static tables', () => {
  const { format, columns } = readings;
  const timeless = staticTable('stations', { format, columns, key: ['station'] });
  const viewOf = (options: object) =>
    withJoinKeys(
      featureView('v', timeless, { entity: ['station'], ...options } as never),
      { station: 'origin' } as never,
      {
        name: 'v',
      },
    );

  it('takes latest values by the key', () => {
    expect(problemsOf([viewOf({ aggregates: { level: latest('level') } })])).toEqual([]);
  });

  it('refuses everything that needs an event time', () => {
    const aggregates = { n: count(), level: latest('level'), most: max('level') };

    expect(problemsOf([viewOf({ windows: [hours(3)], ttl: hours(1), aggregates })])).toEqual([
      'features.v.windows no-event-time',
      'features.v.ttl no-event-time',
      'features.v.aggregates.n no-event-time',
      'features.v.aggregates.most no-event-time',
    ]);
  });

  it('refuses an entity that is not the key', () => {
    expect(problemsOf([viewOf({ entity: ['number'], aggregates: { level: latest('level') } })])).toContain(
      'features.v.entity not-allowed',
    );
  });
});

describe('checkFeatures, derived features', () => {
  const view = featureView('v', trips, { ...base, aggregates: { n: count(), delay: mean('delay') } });
  const carried = fromLabel(trips, { hour: ({ departure }) => departure.hour() });

  it('takes features of every kind, in any order', () => {
    const features = derived({
      twice: ({ feature }) => feature('trend').times(2),
      trend: ({ feature }) => feature('v__delay_3h').minus(feature('v__delay_7d')).orElse(0),
      mood: ({ feature }) => caseWhen([[feature('v__n_3h').moreThan(3), feature('trend')]], 0.5),
      busy: ({ feature }) => feature('v__n_3h').moreThan(3).and(feature('hour').lessThan(12)),
    });

    expect(problemsOf([features, view, carried])).toEqual([]);
  });

  it('reports features that there are not, names that are taken, and cycles by the names along them', () => {
    const features = derived({
      a: ({ feature }) => feature('b').plus(1),
      b: ({ feature }) => feature('c').plus(feature('hour')),
      c: ({ feature }) => feature('a'),
      lost: ({ feature }) => feature('v__delay_4h'),
      hour: ({ feature }) => feature('v__n_3h'),
      origin: ({ feature }) => feature('v__n_3h'),
      v__n: ({ feature }) => feature('v__n_3h'),
      broken: () => 3 as never,
      timed: ({ feature }) => hours(feature('v__n_3h')).orElse(hours(1)) as never,
      operator: ({ feature }) => feature('v__n_3h').plus('3' as never),
    });
    const found = diagnosticsOf([view, carried, features]);

    expect(found.map(({ at, code }) => `${at} ${code}`)).toEqual([
      'features.derived.lost unknown-feature',
      'features.derived.v__n invalid-name',
      'features.derived.broken invalid-expression',
      'features.derived.timed not-allowed',
      'features.derived.operator not-allowed',
      'features.derived.a cyclic-derivation',
      'features.derived.hour duplicate',
      'features.derived.origin reserved-name',
    ]);
    expect(found[0]).toMatchObject({ message: 'there is no feature "v__delay_4h"' });
    expect(found[0]?.fix).toMatch(/^use one of v__delay_3h, v__delay_7d, v__n_3h, v__n_7d, .* or 3 more/);
    expect(found[5]).toMatchObject({ message: 'the feature is made of itself: a reads b reads c reads a' });
  });
});

describe('checkFeatures, names', () => {
  it('refuses names that are one once the features are made', () => {
    const view = featureView('v', trips, {
      entity: ['origin'],
      windows: [hours(3)],
      ttl: hours(1),
      aggregates: { delay: lastN('delay', 2), delay_3h: latest('delay'), delay_3h_1: latest('delay') },
    });

    expect(diagnosticsOf([view])).toMatchObject([
      {
        at: 'features.v.aggregates.delay_3h_1',
        code: 'duplicate',
        message: '"v__delay_3h_1" is already at features.v.aggregates.delay',
      },
    ]);
  });

  it('refuses names of the columns that a split keeps together', () => {
    const split = byEntity({ entity: ['code'], train: 0.7, validation: 0.2, test: 0.1 });

    expect(problemsOf([fromLabel(trips, { code: 'price' })], { split })).toEqual([
      'features.fromLabel.code reserved-name',
    ]);
  });

  it('takes two thousand features', () => {
    const names = Array.from({ length: 500 }, (_, index) => `delay_${index}`);
    const view = featureView('v', trips, {
      ...base,
      aggregates: Object.fromEntries(
        names.map((name, index) => [name, sum('delay', { where: ({ delay }) => delay.atLeast(index) })]),
      ),
    });
    const sums = derived(
      Object.fromEntries(
        Array.from({ length: 1_000 }, (_, index) => [
          `step_${index}`,
          ({ feature }) => (index === 0 ? feature('v__delay_0_3h') : feature(`step_${index - 1}`)).plus(index),
        ]),
      ),
    );

    expect(problemsOf([view, sums])).toEqual([]);
  });
});
