import { afterEach, describe, expect, it } from 'vitest';
import { handler } from '../../lambdas/freeze-inputs/handler.ts';
import type { IngestInputs, InputManifest, TrainingSetInputs } from '../../lib/contracts/manifest.ts';
import type { FreezeInputsOutput } from '../../lib/contracts/state-payload.ts';
import type { FakeCloud } from '../support/fake-cloud.ts';
import { BUCKET, deploy, publishTrainingSet, publishTrialManifest, runOf } from '../support/pipeline-world.ts';

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
