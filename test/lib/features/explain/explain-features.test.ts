import { describe, expect, it } from 'vitest';
import flightDelays from '../../../../examples/flights/pipeline.ts';
import type { Definition } from '../../../../lib/definition/index.ts';
import { must } from '../../../../lib/errors/fault.ts';
import { explainFeatures, type ViewFeature } from '../../../../lib/features/explain/explain-features.ts';
import { trainingSetProgram } from '../../../../lib/features/training-set-program.ts';
import { makePlan } from '../../../../lib/plan/make-plan.ts';
import { journeys } from '../../../support/journeys-pipeline.ts';

const programOf = (definition: Definition) =>
  trainingSetProgram(must(makePlan(definition).value, 'a sound definition'));
const explain = (definition: Definition) => explainFeatures(programOf(definition));

const viewFeature = (name: string): ViewFeature | undefined =>
  explain(journeys).features.find(
    (feature): feature is ViewFeature => feature.kind === 'view' && feature.name === name,
  );

describe('explainFeatures', () => {
  it('explains every feature of the set, in its order', () => {
    const { features } = explain(journeys);

    expect(features.map(({ name }) => name)).toEqual(programOf(journeys).features);
    expect(explain(flightDelays).features).toHaveLength(30);
  });

  it.each([
    ['quoted__quotes_3h', 'known <= t, t - 3h < event <= t, not corrected at t', 2],
    ['quoted__most_7d_hop_1h_end_open', 'known <= t, floor(t - 7d, 1h) <= event < t, not corrected at t', 9],
    ['quoted__spread_24h_start_closed', 'known <= t, t - 24h <= event <= t, not corrected at t', 2],
    ['quoted__price', 'known <= t, t - 2d < event <= t, not corrected at t', 3],
    ['origin_levels__level_6h', 'known <= t, t - 6h < event <= t', 2],
    ['code_heights__metres', 'the newest table, whatever t is', 'none'],
  ])('says which rows count for %s, and how many days a day of labels reaches', (name, interval, reach) => {
    expect(viewFeature(name)).toMatchObject({ interval, reach });
  });

  it.each([
    ['quoted__cancelled_3h', 'prefix sums'],
    ['quoted__paid_3h', 'prefix sums'],
    ['quoted__codes_3h', 'union of ranges'],
    ['quoted__least_3h', 'greatest cover'],
    ['quoted__newest_3h', 'greatest cover'],
    ['quoted__recent_3h_2', 'wavelet matrix'],
    ['quoted__high_3h', 'wavelet matrix'],
    ['origin_levels__newest_6h', 'staircase'],
    ['origin_levels__recent_6h_1', 'n staircases'],
    ['code_heights__metres', 'look-up by key'],
  ])('says how the kernel computes %s', (name, shape) => {
    expect(viewFeature(name)).toMatchObject({ shape });
  });

  it('shows what is aggregated, of which rows, with the digits and the default', () => {
    expect(viewFeature('quoted__paid_3h')).toMatchObject({
      aggregate: 'paid',
      function: 'sum',
      operand: expect.stringMatching(/^CASE WHEN \("delay" >= CAST\(0 AS BIGINT\)\) THEN CASE WHEN .*100e0.* END$/),
      where: '"origin" IS NOT NULL',
      scale: 2,
      default: 0,
    });
    expect(viewFeature('origin_levels__level_6h')).toMatchObject({ entity: [{ event: 'station', label: 'origin' }] });
  });

  it('tells features of the row and derived ones apart', () => {
    expect(explain(journeys).features.slice(-3)).toEqual([
      { kind: 'label-row', name: 'hour', source: 'trips' },
      { kind: 'derived', name: 'rising', expression: 'gap.moreThan(0)', of: ['gap'] },
      {
        kind: 'derived',
        name: 'gap',
        expression: 'origin_levels__level_6h.minus(code_levels__level_6h)',
        of: ['origin_levels__level_6h', 'code_levels__level_6h'],
      },
    ]);
  });

  it('adds up the passes over the data', () => {
    expect(explain(journeys).passes).toEqual({
      sources: [
        { source: 'trips', kind: 'events', scans: 1, reach: 'none' },
        { source: 'quotes', kind: 'events', scans: 1, reach: 9 },
        { source: 'readings', kind: 'events', scans: 2, reach: 2 },
        { source: 'stations', kind: 'static', scans: 1, reach: 'none' },
      ],
      joins: [
        { labelColumns: ['origin'], views: ['quoted', 'origin_levels'], sorts: 3 },
        { labelColumns: ['code'], views: ['code_levels', 'code_heights'], sorts: 2 },
      ],
      scans: 5,
      shuffles: 2,
      sorts: 5,
    });
  });
});
