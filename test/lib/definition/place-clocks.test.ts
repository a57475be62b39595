import { describe, expect, it } from 'vitest';
import { checkDefinition } from '../../../lib/definition/check-definition.ts';
import { expressionText } from '../../../lib/definition/expression-text.ts';
import { type Definition, fromLabel, label, localTimestamp } from '../../../lib/definition/index.ts';
import { must } from '../../../lib/errors/fault.ts';
import { makePlan } from '../../../lib/plan/make-plan.ts';
import { clocksPipeline, sightings } from '../../support/clocks-pipeline.ts';

const problemsOf = (definition: Definition) =>
  checkDefinition(definition).diagnostics.map(({ at, message }) => `${at}: ${message}`);

const withColumn = (column: ReturnType<typeof localTimestamp>): Definition => {
  const columns = { ...sightings.columns, berlin: column };
  const changed = { ...sightings, columns };
  return { ...clocksPipeline, label: label(changed, { at: 'seen', is: 'confirmed' }), features: [] };
};

const withFeatures = (features: Parameters<typeof fromLabel<typeof sightings.columns>>[1]): Definition => ({
  ...clocksPipeline,
  features: [fromLabel(sightings, features)],
});

const zonesOf = (definition: Definition) =>
  problemsOf(definition).filter((found) => found.includes('zone ==') || found.includes('repeated =='));

describe('clocks of places', () => {
  it('are those of a sound pipeline', () => {
    expect(problemsOf(clocksPipeline)).toEqual([]);
  });

  it.each([
    ...['Pacific/Kiritimati', 'America/Argentina/Buenos_Aires', 'America/Port-au-Prince', 'Africa/Dar_es_Salaam'],
    ...['Asia/Calcutta', 'Asia/Kolkata', 'Antarctica/DumontDUrville', 'Europe/Isle_of_Man', 'UTC'],
  ])('know %s', (zone) => {
    expect(zonesOf(withColumn(localTimestamp({ zone })))).toEqual([]);
    expect(zonesOf(withFeatures({ hour: ({ seen }) => seen.hour(zone) }))).toEqual([]);
  });

  it.each([
    ...['America/Gotham', 'america/new_york', 'America/new_York', 'America/NewYork', 'asia/kolkata', 'Asia/KOLKATA'],
    ...['EST', 'PST8PDT', '+02:00', 'GMT+2', 'Etc/GMT+2', 'utc', '', undefined as unknown as string],
  ])('do not know %s', (zone) => {
    const known = `must be the IANA time zone of a place`;

    expect(zonesOf(withColumn(localTimestamp({ zone })))).toEqual([
      `sources.sightings.columns.berlin.zone: zone == ${zone === undefined ? 'undefined' : JSON.stringify(zone)}, ${known}`,
    ]);
  });

  it('are refused together with everything else that is wrong', () => {
    const features = withFeatures({
      hour: ({ seen }) => seen.hour('Mars/Olympus'),
      weekday: ({ seen }) => seen.weekday('America/Gotham').plus(1),
    });

    expect(problemsOf({ ...features, triesPerJob: 99 })).toEqual([
      'features.fromLabel.hour: zone == "Mars/Olympus", must be the IANA time zone of a place',
      'features.fromLabel.weekday: zone == "America/Gotham", must be the IANA time zone of a place',
      'triesPerJob: triesPerJob == 99, must be a whole number from 1 to 10',
    ]);
  });

  it('choose one of two equal times by a word', () => {
    const repeated = 'first' as 'earlier';

    expect(zonesOf(withColumn(localTimestamp({ zone: 'Europe/Berlin', repeated })))).toEqual([
      'sources.sightings.columns.berlin.repeated: sources.sightings.columns.berlin.repeated == "first", must be one of earlier, later',
    ]);
  });

  it('are told as they were written', () => {
    const [, weekday] = must(makePlan(clocksPipeline).value, 'a sound definition').labelFeatures;

    expect(expressionText(must(weekday, 'a feature').value)).toBe('seen.weekday("America/New_York")');
  });

  it('are a part of what a view means, and none where texts carry their offset', () => {
    const { columns } = must(makePlan(clocksPipeline).value, 'a sound definition').sources[0].ingest;

    expect(columns.slice(1, 4)).toEqual([
      { name: 'confirmed', type: 'boolean', notFinite: null },
      {
        name: 'new_york',
        type: 'timestamp',
        notFinite: null,
        clock: { zone: 'America/New_York', repeated: null },
      },
      {
        name: 'new_york_earlier',
        type: 'timestamp',
        notFinite: null,
        clock: { zone: 'America/New_York', repeated: 'earlier' },
      },
    ]);
  });
});
