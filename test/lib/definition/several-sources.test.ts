import { describe, expect, it } from 'vitest';
import { checkDefinition } from '../../../lib/definition/check-definition.ts';
import {
  csv,
  type Definition,
  double,
  featureView,
  integer,
  label,
  latest,
  staticTable,
  text,
  timestamp,
} from '../../../lib/definition/index.ts';
import { must } from '../../../lib/errors/fault.ts';
import { makePlan } from '../../../lib/plan/make-plan.ts';
import { renderPrograms } from '../../../lib/render/programs.ts';
import { days, hours } from '../../../lib/units/duration.ts';
import { hotels, stays, staysPipeline, weather } from '../../support/stays-pipeline.ts';

/** A definition as somebody without types may write it. */
const untyped = (changes: object): Definition => ({ ...staysPipeline, ...changes });
const diagnosticsOf = (definition: Definition) => checkDefinition(definition).diagnostics;
const problemsOf = (definition: Definition) => diagnosticsOf(definition).map(({ at, code }) => `${at} ${code}`);
const planOf = () => must(makePlan(staysPipeline).value, 'a sound definition');

const tableWith = (changes: object): Definition => {
  const table = { ...hotels, ...changes } as typeof hotels;
  return untyped({
    features: [featureView('about', table, { entity: ['hotel'], aggregates: { stars: latest('stars') } })],
  });
};

describe('a pipeline over several sources', () => {
  it('is sound: the label from one, views over any', () => {
    expect(diagnosticsOf(staysPipeline)).toEqual([]);
  });

  it('reads each source once, the label’s first, each back as far as its own views reach', () => {
    expect(planOf().sources.map(({ name, kind, lookbackMicroseconds }) => [name, kind, lookbackMicroseconds])).toEqual([
      ['stays', 'events', days(7)],
      ['weather', 'events', days(2)],
      ['hotels', 'static', 0],
    ]);
  });

  it('refuses two sources of one name, for their files would lie in one place', () => {
    const other = { ...weather, name: 'stays' };
    const view = featureView('rain', other, {
      entity: ['town'],
      windows: [hours(3)],
      aggregates: { rain: latest('rain') },
    });

    expect(problemsOf(untyped({ features: [...staysPipeline.features, view] }))).toContain(
      'sources.stays.name duplicate',
    );
  });

  it('refuses a label of rows without times', () => {
    const definition = untyped({ label: label(hotels as never, { at: 'hotel', is: 'stars' } as never) });

    expect(problemsOf(definition)).toContain('label not-allowed');
  });

  it('reports what is wrong with any of the sources at once', () => {
    const broken = {
      ...weather,
      eventTime: 'town',
      columns: { ...weather.columns, wind: { kind: 'column', type: 'real' } },
    };
    const view = featureView(
      'rain',
      broken as never,
      { entity: ['town'], windows: [hours(3)], aggregates: {} } as never,
    );

    expect(problemsOf({ ...tableWith({ key: [] }), features: [view, ...tableWith({ key: [] }).features] })).toEqual(
      expect.arrayContaining([
        'sources.weather.columns.wind.type not-allowed',
        'sources.weather.eventTime wrong-type',
        'sources.hotels.key missing',
      ]),
    );
  });
});

describe('a static table', () => {
  it('needs a key of texts and integers that are its columns, each once', () => {
    expect(problemsOf(tableWith({ key: undefined }))).toContain('sources.hotels.key missing');
    expect(problemsOf(tableWith({ key: ['hotel', 'hotel', 'name'] }))).toEqual(
      expect.arrayContaining(['sources.hotels.key[1] duplicate', 'sources.hotels.key[2] unknown-column']),
    );
    const timed = staticTable('times', {
      format: csv({ header: true }),
      columns: { at: timestamp() },
      key: ['at'] as never,
    });
    const view = featureView('v', timed, { entity: ['at'] as never, aggregates: {} });

    expect(problemsOf(untyped({ features: [view] }))).toContain('sources.times.key[0] wrong-type');
  });

  it('has no times, and says so of options that speak of them', () => {
    expect(problemsOf(tableWith({ eventTime: 'hotel', knownTime: hours(1) }))).toEqual([
      'sources.hotels.eventTime unknown-option',
      'sources.hotels.knownTime unknown-option',
    ]);
  });

  it('is checked for keys that repeat, beside what its user asks', () => {
    const { kind, checks, orderBy, statements } = must(renderPrograms(planOf()).ingest.sources[2], 'the table');

    expect({ kind, orderBy }).toEqual({ kind: 'static', orderBy: ['hotel', 'stars', 'town'] });
    expect(checks.map(({ name, max }) => [name, max])).toEqual([
      ['rows that repeat a key (hotel) <= 0', 0],
      ['rowCount >= 1', null],
    ]);
    expect(JSON.stringify(statements)).not.toContain('known_time');
  });
});

describe('a double', () => {
  it('takes no other way to read what is not finite than null', () => {
    const column = { ...double(), notFinite: 'zero' };
    const table = { ...hotels, columns: { hotel: text(), stars: integer(), town: text(), height: column } };

    expect(problemsOf(tableWith(table))).toEqual(['sources.hotels.columns.height.notFinite not-allowed']);
  });
});

describe('the digest of a source’s ingest', () => {
  it('does not change with what is done to another source', () => {
    const before = renderPrograms(planOf()).run.sources;
    const changed = { ...staysPipeline, label: { ...staysPipeline.label } };
    const features = staysPipeline.features.map((part) =>
      'source' in part && part.source.name === hotels.name ? { ...part, source: { ...hotels, checks: [] } } : part,
    );
    const after = renderPrograms(must(makePlan({ ...changed, features }).value, 'a plan')).run.sources;

    expect(after.map(({ ingestDigest }, index) => ingestDigest === before[index]?.ingestDigest)).toEqual([
      true,
      true,
      false,
    ]);
    expect(stays.name).toBe(before[0]?.name);
  });
});
