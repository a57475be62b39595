import { afterEach, describe, expect, it } from 'vitest';
import { handler } from '../../lambdas/publish-partitions/handler.ts';
import type { IngestReport, UnitManifest, UnitReport } from '../../lib/contracts/manifest.ts';
import { ingestAttemptPrefix } from '../../lib/contracts/object-keys.ts';
import { must } from '../../lib/errors/fault.ts';
import { batchFingerprint } from '../../lib/runs/stage-fingerprints.ts';
import type { FakeCloud } from '../support/fake-cloud.ts';
import { BUCKET, deploy, RUN_PROGRAM } from '../support/pipeline-world.ts';

const EXECUTION = '2001-01-10T08-00-00Z-0';

let cloud: FakeCloud;
afterEach(() => cloud.restore());

const fingerprintOf = (unit: string, version: number): string =>
  `${unit.replaceAll('-', '')}${version}`.padEnd(32, '0');

function unitReport(unit: string, days: readonly string[], prefix: string, version = 1): UnitReport {
  const file = (day: string) => ({
    key: `${prefix}unit=${unit}/day=${day}/part.parquet`,
    size: 9,
    rows: 5,
    sha256: 'a',
    day,
  });
  return {
    source: 'flights',
    unit,
    fingerprint: fingerprintOf(unit, version),
    rows: 6,
    accepted: 5,
    quarantined: 1,
    reasons: { 'delay is no integer': 1 },
    checks: [{ name: 'rowCount >= 1', measure: 6, min: 1, max: null, passed: true }],
    files: days.map(file),
    quarantineFiles: [],
  };
}

interface Attempt {
  readonly attempt: string;
  readonly version?: number;
  readonly passed?: boolean;
  readonly units: Readonly<Record<string, readonly string[]>>;
}

/** What the ingest job leaves behind; returns the event that publishes it. */
function ingested({ attempt, version = 1, passed = true, units }: Attempt) {
  const batch = batchFingerprint(Object.keys(units).map((unit) => fingerprintOf(unit, version)));
  const prefix = `curated/flights/data/${batch}/${attempt}/`;
  const reports = Object.entries(units).map(([unit, days]) => unitReport(unit, days, prefix, version));
  const report: IngestReport = { version: 2, batch, attempt, units: reports };
  const quality = { version: 1, passed, failures: passed ? [] : ['flights/2001-01-09: rowCount >= 1000 was 6'] };
  cloud.s3.write(`${BUCKET}/${ingestAttemptPrefix('flight-delays', batch, attempt)}report.json`, report);
  cloud.s3.write(`${BUCKET}/${ingestAttemptPrefix('flight-delays', batch, attempt)}quality.json`, quality);
  return { execution: EXECUTION, batch, attempt };
}

const manifest = (unit: string, version = 1) =>
  cloud.s3.json(`${BUCKET}/curated/flights/manifests/${unit}/${fingerprintOf(unit, version)}.json`) as UnitManifest;
const TWO_UNITS = { '2001-01-09': ['2001-01-09', '2001-01-10'], '2001-01-10': ['2001-01-10'] };

describe('publishing partitions', () => {
  it('publishes each unit by a manifest, and the catalog follows', async () => {
    cloud = deploy();

    const output = await handler(ingested({ attempt: 'a1', units: TWO_UNITS }));

    expect(output).toEqual({ units: 2, rows: 10, quarantined: 2, partitions: 3 });
    expect(manifest('2001-01-09')).toMatchObject({ attempt: 'a1', rows: 5, quarantined: 1 });
    expect([...cloud.partitions.keys()]).toEqual([
      '2001-01-09/2001-01-09',
      '2001-01-09/2001-01-10',
      '2001-01-10/2001-01-10',
    ]);
    expect(cloud.partitions.get('2001-01-10/2001-01-10')?.StorageDescriptor).toEqual({
      Columns: [{ Name: 'delay', Type: 'bigint' }],
      Location: expect.stringMatching(/^s3:\/\/.*\/a1\/unit=2001-01-10\/day=2001-01-10\/$/),
    });
  });

  it('lets each source’s own table follow the units of that source', async () => {
    const airports = { ...must(RUN_PROGRAM.sources[0], 'a source'), name: 'airports', kind: 'static' } as const;
    cloud = deploy({ ...RUN_PROGRAM, sources: [...RUN_PROGRAM.sources, airports] });
    const event = ingested({ attempt: 'a1', units: { '2001-01-09': ['2001-01-09'] } });
    const path = `${BUCKET}/${ingestAttemptPrefix('flight-delays', event.batch, 'a1')}report.json`;
    const report = cloud.s3.json(path) as IngestReport;
    const table = { ...unitReport('2001-01-01', ['2001-01-01'], 'curated/airports/data/b/a1/'), source: 'airports' };
    const units = [...report.units, table];
    const batch = batchFingerprint(units.map(({ fingerprint }) => fingerprint));
    const prefix = `${BUCKET}/${ingestAttemptPrefix('flight-delays', batch, 'a1')}`;
    cloud.s3.write(`${prefix}report.json`, { ...report, batch, units });
    cloud.s3.write(`${prefix}quality.json`, { version: 1, passed: true, failures: [] });

    const output = await handler({ ...event, batch });

    expect(output).toMatchObject({ units: 2, partitions: 2 });
    expect(cloud.s3.paths(`${BUCKET}/curated/airports/manifests/2001-01-01/`)).toHaveLength(1);
    expect([...cloud.tables]).toEqual([
      ['flights', ['2001-01-09/2001-01-09']],
      ['airports', ['2001-01-01/2001-01-01']],
    ]);
  });

  it('leaves a unit with the attempt that published it first, in the catalog too', async () => {
    cloud = deploy();
    await handler(ingested({ attempt: 'a1', units: TWO_UNITS }));
    const before = cloud.snapshot();
    const late = ingested({ attempt: 'zombie', units: TWO_UNITS });

    await handler(late);

    expect(manifest('2001-01-09').attempt).toBe('a1');
    expect(cloud.snapshot()).toMatchObject({ partitions: (before as { partitions: object }).partitions });
  });

  it('moves the catalog to a corrected unit, and drops the days that it has no more', async () => {
    cloud = deploy();
    await handler(ingested({ attempt: 'a1', units: TWO_UNITS }));

    await handler(ingested({ attempt: 'a2', version: 2, units: { '2001-01-09': ['2001-01-09'] } }));

    const locations = [...cloud.partitions].map(([name, { StorageDescriptor }]) => [
      name,
      StorageDescriptor?.Location?.includes('/a2/'),
    ]);
    expect(locations).toEqual([
      ['2001-01-09/2001-01-09', true],
      ['2001-01-10/2001-01-10', false],
    ]);
  });

  it('refuses a batch that failed a check, and publishes nothing of it', async () => {
    cloud = deploy();

    await expect(handler(ingested({ attempt: 'a1', passed: false, units: TWO_UNITS }))).rejects.toMatchObject({
      name: 'QualityNotPassed',
      message: expect.stringContaining('flights/2001-01-09: rowCount >= 1000 was 6'),
    });
    expect(cloud.s3.paths(`${BUCKET}/curated/flights/manifests/`)).toEqual([]);
    expect(cloud.partitions.size).toBe(0);
  });

  it('refuses a report that is not of the attempt, or whose units are not the batch', async () => {
    cloud = deploy();
    const event = ingested({ attempt: 'a1', units: TWO_UNITS });
    const path = `${BUCKET}/${ingestAttemptPrefix('flight-delays', event.batch, 'a1')}report.json`;
    const report = cloud.s3.json(path) as IngestReport;

    cloud.s3.write(path, { ...report, attempt: 'other' });
    await expect(handler(event)).rejects.toMatchObject({ name: 'Fault' });
    cloud.s3.write(path, { ...report, units: report.units.slice(1) });
    await expect(handler(event)).rejects.toMatchObject({ name: 'Fault' });
  });

  it('repairs the catalog for units whose run was killed between manifest and catalog', async () => {
    cloud = deploy();
    const killed = ingested({ attempt: 'a1', units: { '2001-01-09': ['2001-01-09'] } });
    cloud.crashAfter(0);
    await expect(handler(killed)).rejects.toThrow('crashed after put curated/flights/manifests');
    cloud.crashAfter(Number.POSITIVE_INFINITY);
    cloud.s3.write(`${BUCKET}/runs/flight-delays/executions/${EXECUTION}/training-set-inputs-f.json`, {
      version: 2,
      slot: '2001-01-10T08:00:00Z',
      fingerprint: 'f',
      units: ['2001-01-09', '2001-01-10'].map((unit) => ({
        source: 'flights',
        unit,
        manifest: `curated/flights/manifests/${unit}/${fingerprintOf(unit, 1)}.json`,
      })),
    });

    await handler(ingested({ attempt: 'a2', units: { '2001-01-10': ['2001-01-10'] } }));

    expect([...cloud.partitions.keys()].toSorted()).toEqual(['2001-01-09/2001-01-09', '2001-01-10/2001-01-10']);
  });

  it('publishes hundreds of units in batches that Glue takes', async () => {
    cloud = deploy();
    const day = (index: number): string => new Date(Date.UTC(2001, 0, 1 + index)).toISOString().slice(0, 10);
    const units = Object.fromEntries(Array.from({ length: 205 }, (_, index) => [day(index), [day(index)]]));

    const output = await handler(ingested({ attempt: 'a1', units }));

    expect(output).toMatchObject({ units: 205, partitions: 205 });
    expect(cloud.partitions.size).toBe(205);
  });

  it('ends in the same state wherever it was cut off before', async () => {
    const world = async (): Promise<ReturnType<typeof ingested>> => {
      cloud = deploy();
      await handler(ingested({ attempt: 'a1', units: TWO_UNITS }));
      return ingested({ attempt: 'a2', version: 2, units: { '2001-01-09': ['2001-01-09'] } });
    };
    await handler(await world());
    const expected = cloud.snapshot();

    for (const change of [0, 1, 2, 3]) {
      cloud.restore();
      const event = await world();
      cloud.crashAfter(change);
      await expect(handler(event)).rejects.toThrow('crashed after');
      cloud.crashAfter(Number.POSITIVE_INFINITY);
      await handler(event);

      expect(cloud.snapshot()).toEqual(expected);
    }
  });
});
