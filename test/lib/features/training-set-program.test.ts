import { describe, expect, it } from 'vitest';
import flightDelays from '../../../examples/flights/pipeline.ts';
import { type Definition, featureView, hours, mean, share, sum } from '../../../lib/definition/index.ts';
import { must } from '../../../lib/errors/fault.ts';
import { trainingSetProgram } from '../../../lib/features/training-set-program.ts';
import { makePlan } from '../../../lib/plan/make-plan.ts';
import { quotes, trips, tripsPipeline } from '../../support/trips-pipeline.ts';

const programOf = (definition: Definition) =>
  trainingSetProgram(must(makePlan(definition).value, 'a sound definition'));

describe('trainingSetProgram', () => {
  it('names every feature of the flights example, views first, in the order of the definition', () => {
    const { features } = programOf(flightDelays);

    expect(features).toHaveLength(30);
    expect(features.slice(0, 9)).toEqual([
      'origin_delays__flights_3h',
      'origin_delays__flights_24h',
      'origin_delays__flights_7d',
      'origin_delays__mean_delay_3h',
      'origin_delays__mean_delay_24h',
      'origin_delays__mean_delay_7d',
      'origin_delays__late_share_3h',
      'origin_delays__late_share_24h',
      'origin_delays__late_share_7d',
    ]);
    expect(features.slice(-3)).toEqual(['hour', 'weekday', 'distance']);
  });

  it('carries each entity once, however many views share it', () => {
    expect(programOf(flightDelays).entityColumns).toEqual([
      { name: 'origin', type: 'text' },
      { name: 'destination', type: 'text' },
    ]);
  });

  it('computes an operand once, however many aggregates share it', () => {
    const view = featureView('v', trips, {
      entity: ['origin'],
      windows: [hours(1)],
      aggregates: {
        total: sum('delay'),
        mean: mean('delay'),
        late: share(({ delay }) => delay.atLeast(15)),
        later: share(({ delay }) => delay.atLeast(15)),
      },
    });
    const [program] = programOf({ ...tripsPipeline(), features: [view] }).views;

    expect(program?.aggregates.map(({ value }) => value)).toEqual(['_value_1', '_value_1', '_value_2', '_value_2']);
    expect(program?.events.duckdb.match(/AS _value_/g)).toHaveLength(2);
  });

  it('versions a view by what it means, not by its name', () => {
    const versionOf = (name: string, window: number) => {
      const view = featureView(name, trips, {
        entity: ['origin'],
        windows: [hours(window)],
        aggregates: { total: sum('delay') },
      });
      return programOf({ ...tripsPipeline(), features: [view] }).views[0]?.version;
    };

    expect(versionOf('b', 1)).toBe(versionOf('a', 1));
    expect(versionOf('a', 2)).not.toBe(versionOf('a', 1));
  });

  it('corrects rows of a source with a key, and only those', () => {
    const keyed = programOf(tripsPipeline(quotes));

    expect(keyed.views[0]).toMatchObject({ corrects: true });
    expect(keyed.views[0]?.events.duckdb).toContain('AS row_key');
    expect(keyed.labels.spark).toContain('ROW_NUMBER()');
    expect(programOf(tripsPipeline()).views[0]).toMatchObject({ corrects: false });
  });

  it('filters rows, but of versions only their operands: one that fails still ends the one before', () => {
    const rows = programOf(tripsPipeline()).views[0];
    const versions = programOf(tripsPipeline(quotes)).views[0];

    expect(rows?.events.duckdb).toContain('IS NOT NULL AND (NOT COALESCE("cancelled", FALSE))');
    expect(rows?.aggregates[0]).toMatchObject({ name: 'trips', kind: 'count', value: null });
    expect(versions?.events.duckdb).toMatch(/WHERE "origin" IS NOT NULL$/);
    expect(versions?.events.duckdb).toContain('CASE WHEN (NOT COALESCE("cancelled", FALSE)) THEN "delay" END');
    expect(versions?.aggregates[0]).toMatchObject({ name: 'trips', kind: 'count', value: '_value_1' });
  });
});
