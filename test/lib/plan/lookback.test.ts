import { describe, expect, it } from 'vitest';
import {
  count,
  days,
  type FeaturePart,
  featureView,
  hours,
  type Label,
  label,
  latest,
  minutes,
  window,
} from '../../../lib/definition/index.ts';
import { must } from '../../../lib/errors/fault.ts';
import { makePlan } from '../../../lib/plan/make-plan.ts';
import { quotes, trips, tripsPipeline } from '../../support/trips-pipeline.ts';

const week = featureView('week', trips, { entity: ['origin'], windows: [days(7)], aggregates: { n: count() } });

/** How far each source is read, by name. */
function lookbacks(features: readonly FeaturePart[], given?: Label['at']) {
  const { label: question, ...rest } = tripsPipeline();
  const plan = must(
    makePlan({ ...rest, features, label: given === undefined ? question : { ...question, at: given } }).value,
    'a sound definition',
  );
  return Object.fromEntries(plan.sources.map(({ name, lookbackMicroseconds }) => [name, lookbackMicroseconds]));
}

const at = (written: Parameters<typeof label<typeof trips.columns>>[1]['at']) =>
  label(trips, { at: written, is: 'cancelled' }).at;

describe('lookbackOf', () => {
  it('reaches the rows of the labels, whose events may lie long before their label times', () => {
    expect(
      lookbacks(
        [week],
        at(({ departure }) => departure.plus(days(30))),
      ),
    ).toEqual({ trips: days(30) });
    expect(
      lookbacks(
        [week],
        at(({ departure }) => departure.plus(days(2))),
      ),
    ).toEqual({ trips: days(7) });
    expect(
      lookbacks(
        [week],
        at(({ departure }) => departure.minus(hours(2))),
      ),
    ).toEqual({ trips: days(7) });
  });

  it('reads everything where a label time is no constant after its event', () => {
    expect(lookbacks([week], at('arrival'))).toEqual({ trips: null });
    expect(
      lookbacks(
        [week],
        at(({ departure, delay }) => departure.plus(minutes(delay))),
      ),
    ).toEqual({ trips: null });
  });

  it('asks of each source what its own views need, the one of the labels first', () => {
    const hour = featureView('hour', quotes, { entity: ['origin'], windows: [hours(1)], aggregates: { n: count() } });
    const endless = featureView('last', quotes, { entity: ['origin'], aggregates: { price: latest('price') } });
    const late = at(({ departure }) => departure.plus(days(30)));

    expect(Object.entries(lookbacks([hour, week], late))).toEqual([
      ['trips', days(30)],
      ['quotes', hours(1)],
    ]);
    expect(lookbacks([hour, endless, week])).toEqual({ trips: days(7), quotes: null });
  });

  it('reaches as far as a start that moves in hops', () => {
    const hops = featureView('hops', trips, {
      entity: ['origin'],
      windows: [window(days(7), { hop: days(1) })],
      aggregates: { n: count() },
    });

    expect(lookbacks([hops])).toEqual({ trips: days(8) });
  });
});
