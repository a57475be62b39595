import { afterEach, describe, expect, it } from 'vitest';
import { handler } from '../../lambdas/freeze-inputs/handler.ts';
import type { IngestInputs, InputManifest, TrainingSetInputs } from '../../lib/contracts/manifest.ts';
import type { RunProgram } from '../../lib/contracts/run-program.ts';
import type { FreezeInputsOutput } from '../../lib/contracts/state-payload.ts';
import { must } from '../../lib/errors/fault.ts';
import type { FakeCloud } from '../support/fake-cloud.ts';
import {
  BUCKET,
  deploy,
  publishTrainingSet,
  publishTrialManifest,
  RUN_PROGRAM,
  redeploy,
  runOf,
} from '../support/pipeline-world.ts';

const SLOT = '2001-01-10T08:00:00Z';
const FROZEN = `${BUCKET}/runs/flight-delays/slots/2001-01-10T08-00-00Z/inputs.json`;

let cloud: FakeCloud;
afterEach(() => cloud.restore());

function land(...days: readonly string[]): void {
  for (const day of days) cloud.s3.write(`${BUCKET}/raw/flights/2001-01-${day}/flights.csv`, `csv of ${day}`);
}
const freeze = (attempt = 0) => handler(runOf(SLOT, attempt));
const frozen = () => cloud.s3.json(FROZEN) as InputManifest;
const atUri = (uri: string): unknown => cloud.s3.json(uri.replace('s3://', ''));
const publishUnits = (uri: string): void => {
  for (const { manifest } of (atUri(uri) as TrainingSetInputs).units) cloud.s3.write(`${BUCKET}/${manifest}`, {});
};

/** A later state of the run: everything that freeze-inputs announced is published. */
function publishAll({ trainingSet, trials }: FreezeInputsOutput): void {
  publishUnits(trainingSet.inputs);
  publishTrainingSet(cloud, trainingSet.fingerprint, '2001-01-01T00:00:00Z');
  for (const { fingerprint, index } of trials) publishTrialManifest(cloud, fingerprint, index);
}

describe('freezing the inputs of a slot', () => {
  it('freezes the units in reach, and has all of them ingested at first', async () => {
    cloud = deploy();
    land('05', '06', '07', '10', '11');

    const output = await freeze();

    expect(output).toMatchObject({
      units: 3,
      objects: 3,
      bytes: 27,
      ingest: { needed: true, units: 3 },
      trainingSet: { published: false },
      trials: [
        { index: 0, published: false },
        { index: 1, published: false },
      ],
    });
    expect(frozen().units.map(({ unit }) => unit)).toEqual(['2001-01-06', '2001-01-07', '2001-01-10']);
    expect((atUri(output.ingest.inputs) as IngestInputs).units).toEqual(frozen().units);
    expect((atUri(output.trainingSet.inputs) as TrainingSetInputs).fingerprint).toBe(output.trainingSet.fingerprint);
    expect(output.trials[0]?.prefix).toBe(`models/flight-delays/trials/${output.trials[0]?.fingerprint}/`);
  });

  it('finds everything published when the slot is run again, and asks for nothing', async () => {
    cloud = deploy();
    land('09', '10');
    const first = await freeze();
    publishAll(first);

    const second = await freeze(1);

    expect(second).toMatchObject({
      ingest: { needed: false, units: 0 },
      trainingSet: { published: true, fingerprint: first.trainingSet.fingerprint },
      trials: [{ published: true }, { published: true }],
    });
    expect(cloud.s3.paths(`${BUCKET}/runs/flight-delays/executions/2001-01-10T08-00-00Z-1/`)).toHaveLength(1);
  });

  it('ingests just the new days of a later slot', async () => {
    cloud = deploy();
    land('09', '10');
    publishAll(await freeze());
    land('11');

    const later = await handler(runOf('2001-01-11T08:00:00Z'));

    expect(later).toMatchObject({ units: 3, ingest: { needed: true, units: 1 }, trainingSet: { published: false } });
    expect((atUri(later.ingest.inputs) as IngestInputs).units.map(({ unit }) => unit)).toEqual(['2001-01-11']);
  });

  it('stays frozen for later attempts when a unit lands late', async () => {
    cloud = deploy();
    land('09');
    const first = await freeze();
    land('10');

    expect((await freeze(1)).trainingSet.fingerprint).toBe(first.trainingSet.fingerprint);
  });

  it('is frozen anew when a file was corrected and nothing was trained on the slot', async () => {
    cloud = deploy();
    land('09', '10');
    const first = await freeze();
    publishUnits(first.trainingSet.inputs);
    cloud.s3.write(`${BUCKET}/raw/flights/2001-01-10/flights.csv`, 'corrected');

    const second = await freeze(1);

    expect(second).toMatchObject({ ingest: { needed: true, units: 1 } });
    expect(second.trainingSet.fingerprint).not.toBe(first.trainingSet.fingerprint);
    expect(frozen().units.map(({ objects }) => objects[0]?.size)).toEqual([9, 9]);
  });

  it('stays as it is when a file was changed after the slot was trained on', async () => {
    cloud = deploy();
    land('09', '10');
    const first = await freeze();
    publishAll(first);
    const before = frozen();
    cloud.s3.write(`${BUCKET}/raw/flights/2001-01-10/flights.csv`, 'rewritten');

    const second = await freeze(1);

    expect(frozen()).toEqual(before);
    expect(second.trainingSet).toMatchObject({ published: true, fingerprint: first.trainingSet.fingerprint });
  });

  it('computes everything again for another engine or other code, over the same frozen objects', async () => {
    cloud = deploy();
    land('09', '10');
    publishAll(await freeze());
    const before = frozen();

    const spark = await handler({ ...runOf(SLOT, 1), engine: 'spark' });
    process.env['CODE_DIGEST'] = '0'.repeat(64);
    const code = await freeze(2);

    for (const output of [spark, code]) {
      expect(output).toMatchObject({ ingest: { needed: true, units: 2 }, trainingSet: { published: false } });
    }
    expect(frozen()).toEqual(before);
  });

  it('gives two handlers at once the same frozen slot', async () => {
    cloud = deploy();
    land('09', '10');

    const [one, other] = await Promise.all([freeze(0), freeze(0)]);

    expect(one).toEqual(other);
  });

  it('fails by name, with the fix, where nothing landed', async () => {
    cloud = deploy();

    await expect(freeze()).rejects.toMatchObject({
      name: 'NoLandingUnits',
      message: expect.stringContaining('land .csv files below raw/flights/<YYYY-MM-DD>/'),
    });
    expect(cloud.s3.paths(`${BUCKET}/runs/`)).toEqual([]);
  });

  it('ends in the same state wherever it was cut off before', async () => {
    cloud = deploy();
    land('09', '10');
    await freeze();
    const expected = cloud.snapshot();
    cloud.restore();

    for (const change of [0, 1, 2]) {
      cloud = deploy();
      land('09', '10');
      cloud.crashAfter(change);
      await expect(freeze()).rejects.toThrow('crashed after');
      cloud.crashAfter(Number.POSITIVE_INFINITY);
      await freeze();

      expect(cloud.snapshot()).toEqual(expected);
      if (change < 2) cloud.restore();
    }
  });
});

describe('freezing the inputs of a slot over several sources', () => {
  const [flights] = RUN_PROGRAM.sources;
  const WEATHER = {
    ...must(flights, 'a source'),
    name: 'weather',
    ingestDigest: '1'.repeat(64),
    lookbackMicroseconds: 0,
  };
  const AIRPORTS = { ...WEATHER, name: 'airports', kind: 'static', lookbackMicroseconds: null } as const;
  const SEVERAL: RunProgram = { ...RUN_PROGRAM, sources: [...RUN_PROGRAM.sources, WEATHER, AIRPORTS] };
  const landIn = (source: string, ...days: readonly string[]): void => {
    for (const day of days) cloud.s3.write(`${BUCKET}/raw/${source}/${day}/x.csv`, `${source} of ${day}`);
  };
  const unitsOf = (uri: string) => (atUri(uri) as IngestInputs).units.map(({ source, unit }) => `${source}/${unit}`);
  const landAll = (): void => {
    landIn('flights', '2001-01-06', '2001-01-07', '2001-01-10');
    landIn('weather', '2001-01-06', '2001-01-07', '2001-01-10');
    landIn('airports', '1999-01-01', '2000-01-01', '2001-01-11');
  };

  it('reaches into each source by its own lookback, and takes the newest unit of a static table', async () => {
    cloud = deploy(SEVERAL);
    landAll();

    const output = await freeze();

    expect(unitsOf(output.ingest.inputs)).toEqual([
      'flights/2001-01-06',
      'flights/2001-01-07',
      'flights/2001-01-10',
      'weather/2001-01-07',
      'weather/2001-01-10',
      'airports/2000-01-01',
    ]);
    expect((atUri(output.trainingSet.inputs) as TrainingSetInputs).units.at(-1)).toEqual({
      source: 'airports',
      unit: '2000-01-01',
      manifest: expect.stringMatching(/^curated\/airports\/manifests\/2000-01-01\/[0-9a-f]+\.json$/),
    });
  });

  it('does not ingest units of one source again for a new day, a new table or a new program of another', async () => {
    cloud = deploy(SEVERAL);
    landAll();
    publishAll(await freeze());
    landIn('weather', '2001-01-11');

    const nextDay = await handler(runOf('2001-01-12T00:00:00Z'));
    expect(unitsOf(nextDay.ingest.inputs)).toEqual(['weather/2001-01-11', 'airports/2001-01-11']);

    publishAll(nextDay);
    const changed = [flights, WEATHER, { ...AIRPORTS, ingestDigest: '2'.repeat(64) }];
    redeploy(cloud, { ...SEVERAL, sources: changed } as RunProgram);
    const later = await handler(runOf('2001-01-12T00:00:00Z', 1));
    expect(unitsOf(later.ingest.inputs)).toEqual(['airports/2001-01-11']);
  });

  it('adds a source that the pipeline reads since the slot was frozen, and leaves the others as they were', async () => {
    cloud = deploy();
    landAll();
    publishAll(await freeze());
    landIn('flights', '2001-01-09');
    redeploy(cloud, SEVERAL);

    const output = await freeze(1);

    expect(unitsOf(output.ingest.inputs)).toEqual(['weather/2001-01-07', 'weather/2001-01-10', 'airports/2000-01-01']);
    expect(frozen().units.map(({ unit }) => unit)).not.toContain('2001-01-09');
    redeploy(cloud, RUN_PROGRAM);
    expect((await freeze(2)).trainingSet.published).toBe(true);
  });

  it('names the source of which nothing landed', async () => {
    cloud = deploy(SEVERAL);
    landIn('flights', '2001-01-10');
    landIn('weather', '2001-01-10');

    await expect(freeze()).rejects.toMatchObject({
      name: 'NoLandingUnits',
      message: expect.stringContaining('no landing unit of airports'),
    });
  });
});
