import { describe, expect, it } from 'vitest';
import {
  byEntity,
  count,
  countDistinct,
  days,
  derived,
  type FeaturePart,
  type FeatureView,
  featureView,
  fromLabel,
  hours,
  label,
  lastN,
  latest,
  max,
  min,
  minutes,
  quantile,
  sum,
  window,
  withJoinKeys,
} from '../../../lib/definition/index.ts';
import { must } from '../../../lib/errors/fault.ts';
import { trainingSetProgram } from '../../../lib/features/training-set-program.ts';
import { makePlan } from '../../../lib/plan/make-plan.ts';
import { quotes, trips, tripsPipeline } from '../../support/trips-pipeline.ts';

const programOf = (features: readonly FeaturePart[], changes: object = {}) =>
  trainingSetProgram(must(makePlan({ ...tripsPipeline(), features, ...changes }).value, 'a sound definition'));

const viewOf = (...features: readonly FeaturePart[]) => must(programOf(features).views[0], 'a view');

const base = { entity: ['origin'], windows: [hours(3), days(7)] } as const;

describe('viewProgram, aggregates', () => {
  it('gives each aggregate its columns, over the windows that it asks for', () => {
    const { aggregates, windows } = viewOf(
      featureView('v', trips, {
        ...base,
        windows: [window(days(7), { hop: hours(1), end: 'open' }), hours(3)],
        aggregates: {
          n: count({ over: [window(days(7), { hop: hours(1), end: 'open' })] }),
          recent: lastN('delay', 2, { over: [hours(3)] }),
          high: quantile('price', 0.9, { default: -1.5 }),
          price: latest('price'),
        },
      }),
    );

    expect(windows).toEqual([
      { suffix: '3h', microseconds: hours(3), hop: null, start: 'open', end: 'closed' },
      { suffix: '7d_hop_1h_end_open', microseconds: days(7), hop: hours(1), start: 'closed', end: 'open' },
    ]);
    expect(aggregates).toMatchObject([
      { columns: [{ name: 'v__n_7d_hop_1h_end_open', window: 1, position: null }] },
      {
        columns: [
          { name: 'v__recent_3h_1', window: 0, position: 1 },
          { name: 'v__recent_3h_2', window: 0, position: 2 },
        ],
      },
      {
        quantile: '0.9',
        default: -1.5,
        columns: [{ name: 'v__high_3h' }, { name: 'v__high_7d_hop_1h_end_open' }],
      },
      { columns: [{ name: 'v__price', window: null }] },
    ]);
  });

  it('filters the operand of one feature and leaves the rows to the others', () => {
    const { events, aggregates, operands } = viewOf(
      featureView('v', trips, {
        ...base,
        where: ({ delay }) => delay.atLeast(0),
        aggregates: {
          n: count(),
          cancelled: count({ where: ({ cancelled }) => cancelled }),
          worst: max('delay', { where: ({ cancelled }) => cancelled }),
        },
      }),
    );

    expect(aggregates.map(({ value }) => value)).toEqual([null, '_value_1', '_value_2']);
    expect(operands).toEqual([
      { name: '_value_1', type: 'integer' },
      { name: '_value_2', type: 'integer' },
    ]);
    expect(events.duckdb).toContain('CASE WHEN "cancelled" THEN CAST(1 AS BIGINT) END AS _value_1');
    expect(events.duckdb).toContain('CASE WHEN "cancelled" THEN "delay" END AS _value_2');
    expect(events.duckdb).toMatch(/WHERE "origin" IS NOT NULL AND \("delay" >= CAST\(0 AS BIGINT\)\)$/);
  });

  it('asks a version for the filter of the view and for that of the feature', () => {
    const { events } = viewOf(
      featureView('v', quotes, {
        ...base,
        where: ({ delay }) => delay.atLeast(0),
        aggregates: { cancelled: count({ where: ({ cancelled }) => cancelled }) },
      }),
    );

    expect(events.spark).toContain('CASE WHEN (`delay` >= CAST(0 AS BIGINT)) AND `cancelled` THEN');
    expect(events.spark).toMatch(/WHERE `origin` IS NOT NULL$/);
  });

  it('counts a double in units of its last digit, halves up, and tells the job how many there are', () => {
    const { events, aggregates, operands } = viewOf(
      featureView('v', trips, { ...base, aggregates: { paid: sum('price', { scale: 2 }), most: max('price') } }),
    );

    expect(aggregates).toMatchObject([
      { value: '_value_1', scale: 2 },
      { value: '_value_2', scale: 0 },
    ]);
    expect(operands.map(({ type }) => type)).toEqual(['integer', 'double']);
    expect(events.duckdb).toMatch(/CAST\(FLOOR\(.*"price".* \* 100e0 \+ 0.5e0\)\) AS BIGINT\) .* END AS _value_1/);
  });

  it('counts different texts as texts', () => {
    const { events, operands } = viewOf(
      featureView('v', trips, { ...base, aggregates: { codes: countDistinct('code') } }),
    );

    expect(operands).toEqual([{ name: '_value_1', type: 'text' }]);
    expect(events.duckdb).toContain('"code" AS _value_1');
  });
});

describe('viewProgram, versions', () => {
  const view = featureView('a', trips, { ...base, aggregates: { total: sum('delay') } });

  it('is of the meaning: not of the name, nor of the label that finds it', () => {
    const elsewhere = withJoinKeys(view, { origin: 'code' }, { name: 'elsewhere' });
    const { views } = programOf([view, elsewhere, { ...view, name: 'again' }]);

    expect(new Set(views.map(({ version }) => version)).size).toBe(1);
    expect(views.map(({ entity }) => entity)).toEqual([
      [{ event: 'origin', label: 'origin' }],
      [{ event: 'origin', label: 'code' }],
      [{ event: 'origin', label: 'origin' }],
    ]);
  });

  it.each<[string, FeatureView]>([
    ['the aggregate', featureView('a', trips, { ...base, aggregates: { total: max('delay') } })],
    ['its operand', featureView('a', trips, { ...base, aggregates: { total: sum(({ delay }) => delay.plus(1)) } })],
    ['its default', featureView('a', trips, { ...base, aggregates: { total: sum('delay', { default: 0 }) } })],
    ['its name', featureView('a', trips, { ...base, aggregates: { sum: sum('delay') } })],
    ['its windows', featureView('a', trips, { ...base, aggregates: { total: sum('delay', { over: [hours(3)] }) } })],
    [
      'its filter',
      featureView('a', trips, {
        ...base,
        aggregates: { total: sum('delay', { where: ({ cancelled }) => cancelled }) },
      }),
    ],
    ['a window', { ...view, windows: [hours(3), days(6)] }],
    ['the entity', featureView('a', trips, { ...base, entity: ['code'], aggregates: { total: sum('delay') } })],
    ['the filter of the view', { ...view, where: label(trips, { at: 'departure', is: 'cancelled' }).is }],
    [
      'when rows are known',
      { ...view, source: { ...trips, knownTime: label(trips, { at: 'arrival', is: 'cancelled' }).at } },
    ],
    ['which rows are accepted', { ...view, source: { ...trips, rows: [] } }],
    ['what a correction is', { ...view, source: { ...trips, key: ['code'] } }],
  ])('changes with %s', (_what, changed) => {
    const definition = tripsPipeline();
    const question = { ...definition.label, source: changed.source };
    const plan = must(makePlan({ ...definition, label: question, features: [changed] }).value, 'a sound definition');

    expect(trainingSetProgram(plan).views[0]?.version).not.toBe(viewOf(view).version);
  });

  it('lets two versions of a view live side by side', () => {
    const shorter = { ...view, name: 'b', windows: [hours(3)] };
    const { views, features } = programOf([view, shorter]);

    expect(views[0]?.version).not.toBe(views[1]?.version);
    expect(features).toEqual(['a__total_3h', 'a__total_7d', 'b__total_3h']);
  });
});

describe('trainingSetProgram, several sources', () => {
  it('reads each source once, the one of the labels first, and carries the columns that find an entity', () => {
    const other = featureView('quoted', quotes, { ...base, aggregates: { n: count() } });
    const own = featureView('own', trips, { ...base, entity: ['code'], aggregates: { n: count() } });
    const split = byEntity({ entity: ['origin', 'delay'], train: 0.7, validation: 0.2, test: 0.1 });
    const program = programOf([withJoinKeys(other, { origin: 'code' }, { name: 'quoted' }), own], {
      split,
    });

    expect(program.sources.map(({ name, kind }) => [name, kind])).toEqual([
      ['trips', 'events'],
      ['quotes', 'events'],
    ]);
    expect(program.views.map(({ source, corrects }) => [source, corrects])).toEqual([
      ['quotes', true],
      ['trips', false],
    ]);
    expect(program.entityColumns).toEqual([
      { name: 'code', type: 'text' },
      { name: 'origin', type: 'text' },
      { name: 'delay', type: 'integer' },
    ]);
    expect(program.split).toEqual({
      kind: 'by-entity',
      entity: ['origin', 'delay'],
      train: 0.7,
      validation: 0.2,
      test: 0.1,
    });
  });
});

describe('trainingSetProgram, derived features', () => {
  it('lists them last, in the order of the definition, and computes each after what it reads', () => {
    const program = programOf([
      derived({ twice: ({ feature }) => feature('once').times(2), once: ({ feature }) => feature('hour').plus(1) }),
      fromLabel(trips, { hour: ({ departure }) => departure.minus(minutes(5)).hour() }),
    ]);

    expect(program.features).toEqual(['hour', 'twice', 'once']);
    expect(program.derived.map(({ name }) => name)).toEqual(['once', 'twice']);
    expect(program.derived[0]?.expression).toMatchObject({
      kind: 'arithmetic',
      left: { kind: 'column', name: 'hour', type: 'double' },
    });
  });
});

describe('trainingSetProgram, thousands of features', () => {
  it('names each once and selects each operand once', () => {
    const limits = Array.from({ length: 500 }, (_, index) => index);
    const view = featureView('v', trips, {
      ...base,
      aggregates: Object.fromEntries(
        limits.flatMap((limit) => [
          [`n_${limit}`, count({ where: ({ delay }) => delay.atLeast(limit) })],
          [`most_${limit}`, max('price', { where: ({ delay }) => delay.atLeast(limit) })],
          [`least_${limit}`, min('price', { where: ({ delay }) => delay.atLeast(limit) })],
        ]),
      ),
    });
    const { features, views } = programOf([view]);

    expect(new Set(features).size).toBe(3_000);
    expect(views[0]?.operands).toHaveLength(1_000);
    expect(views[0]?.events.spark.match(/ AS _value_/g)).toHaveLength(1_000);
  });
});
