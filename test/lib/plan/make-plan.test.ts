import { describe, expect, it } from 'vitest';
import flightDelays from '../../../examples/flights/pipeline.ts';
import { days, featureView, hours, latest } from '../../../lib/definition/index.ts';
import { must } from '../../../lib/errors/fault.ts';
import { canonicalJson } from '../../../lib/plan/fingerprint.ts';
import { makePlan } from '../../../lib/plan/make-plan.ts';
import { usdToDecimal } from '../../../lib/units/usd.ts';
import { trips, tripsPipeline } from '../../support/trips-pipeline.ts';

const planOf = (definition = flightDelays) => must(makePlan(definition).value, 'a sound definition');

describe('makePlan', () => {
  it('decides the limits of the flights example', () => {
    const plan = planOf();

    expect(plan).toMatchObject({
      pipeline: 'flight-delays',
      region: 'us-east-1',
      schedule: { cron: '0 4 * * *', zone: 'America/New_York' },
      glue: { version: '6.0', workerType: 'G.1X', workers: 5, timeoutMinutes: 30 },
      training: {
        instance: 'ml.m5.xlarge',
        maxRuntimeSeconds: 1800,
        spot: { maxWaitSeconds: 3600, checkpointSeconds: 180 },
        concurrency: 4,
      },
      evaluation: { instance: 'ml.m5.xlarge', maxRuntimeSeconds: 1800 },
      triesPerJob: 2,
      historyMicroseconds: days(180),
      sources: [{ name: 'flights', lookbackMicroseconds: days(7) }],
      split: { train: 0.7, validation: 0.15, test: 0.15, embargoMicroseconds: 0 },
    });
    expect(usdToDecimal(plan.bounds.month)).toBe('200');
  });

  it('asks of a row what the source needs first, then the rules, each thing once', () => {
    expect(planOf().sources[0].ingest.reasons.map(({ name }) => name)).toEqual([
      'scheduled_departure: missing',
      'delay: missing',
      'origin: missing',
      'destination: missing',
      'delay: not between -120 and 3000',
    ]);
  });

  it('gives no plan of a definition that is wrong, but everything that is wrong with it', () => {
    const { value, diagnostics } = makePlan({ ...flightDelays, triesPerJob: 0, region: 'mars' });

    expect(value).toBeUndefined();
    expect(diagnostics.map(({ at }) => at)).toEqual(['triesPerJob', 'region']);
  });

  it('is frozen to its leaves', () => {
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));

    expect(frozen(planOf())).toBe(true);
  });

  it('gives equal plans of equal definitions', () => {
    const text = (definition = tripsPipeline()) => {
      const { bounds, ...rest } = planOf(definition);
      return canonicalJson({ ...rest, bounds: [usdToDecimal(bounds.run), usdToDecimal(bounds.month)] });
    };

    expect(text()).toBe(text());
  });

  it('sorts the windows, so that their order does not change what a view is', () => {
    expect(planOf(tripsPipeline()).views[0]?.windows.map(({ microseconds }) => microseconds)).toEqual([
      hours(3),
      days(1),
      days(7),
    ]);
  });

  it('looks back as far as the longest window or time to live, from the beginning where a value never ends', () => {
    const endless = featureView('last', trips, { entity: ['origin'], aggregates: { price: latest('price') } });
    const long = featureView('last', trips, {
      entity: ['origin'],
      ttl: days(9),
      aggregates: { price: latest('price') },
    });
    const definition = tripsPipeline();
    const lookback = (view: typeof endless) =>
      planOf({ ...definition, features: [...definition.features, view] }).sources[0].lookbackMicroseconds;

    expect(lookback(endless)).toBeNull();
    expect(lookback(long)).toBe(days(9));
    expect(planOf(definition).sources[0].lookbackMicroseconds).toBe(days(7));
  });
});
