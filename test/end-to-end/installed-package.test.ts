import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataFile, UnitManifest } from '../../lib/contracts/manifest.ts';
import { must } from '../../lib/errors/fault.ts';
import type { RegisteredModel } from '../../local/models.ts';
import type { RunReport } from '../../local/run-report.ts';
import { type CommandResult, daysFrom, deliveriesOf, InstalledProject } from '../support/installed-project.ts';

/**
 * The packed package in a user's folder: what a team does in its first weeks, command by command, on small data. One
 * history is played before the tests look at what each command left behind.
 */
const project = new InstalledProject();
afterAll(() => project.remove());

const days = daysFrom('2026-03-01', 16);
const day = (index: number): string => must(days[index], 'a day');
const land = (index: number): void => project.land(day(index), deliveriesOf(day(index)));
const results = new Map<string, CommandResult>();
const step = async (name: string, args: readonly string[], options?: Parameters<InstalledProject['run']>[1]) => {
  results.set(name, await project.run(args, options));
};
const resultOf = (name: string): CommandResult => must(results.get(name), `the result of ${name}`);
const reportOf = (name: string): RunReport => {
  const { runs } = JSON.parse(resultOf(name).output) as { readonly runs: readonly RunReport[] };
  return must(runs[0], 'a run');
};
const modelOf = (name: string): RegisteredModel => must(reportOf(name).model, 'a model') as RegisteredModel;
const stateOf = (report: RunReport, state: string) => report.run.states.filter((visit) => visit.state === state);

async function playHistory(): Promise<void> {
  await step('nothing landed', ['run']);
  for (let index = 0; index < 12; index += 1) land(index);
  await step('first run', ['run', '--json']);
  await step('same slot again', ['run', '--slot', '2026-03-13T03:00:00Z', '--json']);
  await step('on Spark', ['run', '--slot', '2026-03-13T03:00:00Z', '--engine', 'spark', '--json']);
  land(12);
  await step('next day', ['run', '--json']);
  await step('backfill', ['run', '--from', '2026-03-11T00:00:00Z', '--to', '2026-03-11T23:00:00Z', '--json']);
  land(13);
  let killed = false;
  await step('killed', ['run'], {
    onOutput: (text, kill) => {
      if (killed || !text.includes('Read audit')) return;
      killed = true;
      kill('SIGKILL');
    },
  });
  await step('after the kill', ['run', '--json']);
  project.land(day(14), deliveriesOf(day(14)).replace('shop,', 'store,'));
  await step('changed header', ['run']);
  project.land(day(14), 'promised_at,shop,minutes_late,items\n'.concat('soon,shop 1,late,1\n'.repeat(200)));
  await step('rotten unit', ['run', '--json']);
  const damaged = Buffer.from(deliveriesOf(day(14)));
  project.land(day(14), Buffer.concat([damaged, Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from('2026-03-15T12:00:0')]));
  await step('corrected unit', ['run', '--json']);
  await step('models', ['models', '--json']);
  await step('models for people', ['models']);
  await step('runs', ['runs', '--json']);
  await step('show', ['models', 'show', '1']);
}

beforeAll(playHistory, 600_000);

describe('a first run', () => {
  it('registers a champion with everything that it came from', () => {
    const { body, status } = modelOf('first run');

    expect(resultOf('first run').exitCode).toBe(0);
    expect(status).toBe('champion');
    expect(body).toMatchObject({
      number: 1,
      engine: 'duckdb',
      artifact: { format: 'xgboost-ubj', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      featureViews: [{ name: 'shop_delays' }],
      prices: { region: 'us-east-1', compiledOn: '2026-11-20' },
      evaluation: { championComparison: 'no-champion' },
    });
    expect(body.inputSchema).toHaveLength(8);
    expect(body.distribution.map(({ name }) => name)).toEqual(body.inputSchema.map(({ name }) => name));
    for (const { shares, nullShare } of body.distribution) {
      expect(shares.reduce((total, share) => total + share, nullShare)).toBeCloseTo(1, 9);
    }
  });

  it('knows its bound, and has a receipt below it', () => {
    const receipt = must(reportOf('first run').receipt, 'a receipt');

    expect(resultOf('first run').errors).toContain('at most');
    expect(receipt.complete).toBe(true);
    expect(Number(receipt.billedUsd)).toBeGreaterThan(0);
    expect(Number(receipt.billedUsd)).toBeLessThan(Number(receipt.boundUsd));
  });

  it('trains on no label that was not known before the next split', () => {
    const { train, validation, test } = must(reportOf('first run').trainingSet, 'a training set').splits;

    expect(must(train.knownUntil, 'a time') <= must(validation.from, 'a time')).toBe(true);
    expect(must(validation.knownUntil, 'a time') <= must(test.from, 'a time')).toBe(true);
    expect(train.purged).toBeGreaterThan(0);
  });

  it('shows each state with its progress', () => {
    expect(resultOf('first run').errors).toMatch(
      /✓ Ingest and check +\d+\.\d s {2}2880 rows: 2880 accepted, 0 quarantined/,
    );
    expect(resultOf('first run').errors).toMatch(/✓ {3}Train trial 1 /);
  });
});

describe('running the same slot again', () => {
  it('computes nothing that a fingerprint covers', () => {
    const report = reportOf('same slot again');

    expect(report.run.execution).toBe('2026-03-13T03-00-00Z-1');
    for (const state of ['Ingest and check', 'Build training set', 'Audit training set', 'Train trial', 'Evaluate'])
      expect(stateOf(report, state)).toEqual([]);
    expect(modelOf('same slot again').body.number).toBe(1);
  });
});

describe('the other engine', () => {
  const manifests = (): readonly UnitManifest[] => {
    const folder = join(project.raw, '../../curated/deliveries/manifests', day(0));
    return readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as UnitManifest);
  };
  const filesOf = (report: RunReport): readonly DataFile[] => {
    const key = must(report.trainingSet, 'a training set').files.key;
    return JSON.parse(readFileSync(join(project.raw, '../..', key), 'utf8')) as readonly DataFile[];
  };
  const contents = (files: readonly DataFile[]) =>
    files.map(({ key, rows, sha256 }) => [key.split('/').slice(-3), rows, sha256].flat());

  it('gives the same lake and the same training set, byte for byte', () => {
    expect(resultOf('on Spark').errors).not.toContain('✗');
    expect(manifests()).toHaveLength(2);
    expect(
      new Set(
        manifests().map(({ files }) =>
          JSON.stringify(files.map(({ day: date, rows, sha256 }) => [date, rows, sha256])),
        ),
      ).size,
    ).toBe(1);
    expect(contents(filesOf(reportOf('on Spark')))).toEqual(contents(filesOf(reportOf('first run'))));
    expect(reportOf('on Spark').trainingSet?.fingerprint).not.toBe(reportOf('first run').trainingSet?.fingerprint);
  });

  it('trains the same model from it', () => {
    expect(modelOf('on Spark').body.artifact.modelSha256).toBe(modelOf('first run').body.artifact.modelSha256);
  });
});

describe('a retrain', () => {
  it('ingests just the new day and meets the champion on the same test split', () => {
    const report = reportOf('next day');
    const { evaluation, metrics } = modelOf('next day').body;

    expect(report.quality).toMatchObject({ units: 1, rows: 240 });
    expect(evaluation.championComparison).toBe('compared');
    const champion = must(evaluation.champion, 'a champion');
    const expected = metrics.test.pr_auc >= champion.test.pr_auc ? 'approved' : 'candidate';
    expect(Object(report.run.output).status).toBe(expected);
  });

  it('of an earlier window never meets a champion that knows its future', () => {
    const report = reportOf('backfill');

    expect(report.run.slot).toBe('2026-03-11T03:00:00Z');
    expect(modelOf('backfill').body.evaluation).toMatchObject({
      championComparison: 'trained-on-this-future',
      champion: null,
    });
    expect(Object(report.run.output)).toMatchObject({
      status: 'candidate',
      reasons: ["the champion was trained on this window's future, so that the two cannot be compared"],
    });
  });
});

describe('a run that was killed', () => {
  it('is finished by the same command, from what it had published', () => {
    const report = reportOf('after the kill');

    expect(resultOf('killed').exitCode).toBeNull();
    expect(report.run).toMatchObject({ execution: '2026-03-15T03-00-00Z-1', status: 'SUCCEEDED' });
    for (const state of ['Ingest and check', 'Build training set', 'Audit training set'])
      expect(stateOf(report, state)).toEqual([]);
    expect(stateOf(report, 'Evaluate')).toHaveLength(1);
  });

  it('has its reservation settled', () => {
    const { runs } = JSON.parse(resultOf('runs').output) as {
      runs: readonly { execution: string; status: string; billedUsd: string | null }[];
    };
    const killed = runs.find(({ execution }) => execution === '2026-03-15T03-00-00Z-0');

    expect(killed).toMatchObject({ status: 'ABORTED', billedUsd: expect.stringMatching(/^\d/) });
  });
});

describe('bad input', () => {
  it('without landed files ends with where to put them', () => {
    expect(resultOf('nothing landed').exitCode).toBe(1);
    expect(resultOf('nothing landed').errors).toContain('fix: put each day');
  });

  it('with a changed header fails with the columns, the fix, and nothing published', () => {
    const { exitCode, errors } = resultOf('changed header');

    expect(exitCode).toBe(3);
    expect(errors).toContain('missing shop; unknown store');
    expect(errors).toContain('fix: land the file with the header promised_at,shop,minutes_late,items');
    expect(resultOf('changed header').output).toMatch(/next: correct what is named above/);
  });

  it('that fails a check is refused, and publishes nothing', () => {
    const report = reportOf('rotten unit');

    expect(resultOf('rotten unit').exitCode).toBe(3);
    expect(Object(report.run.output).outcome).toBe('refused');
    expect(report.quality).toMatchObject({ passed: false, accepted: 0, quarantined: 200 });
    expect(stateOf(report, 'Publish partitions')).toEqual([]);
  });

  it('is quarantined row by row, and the corrected unit is taken by the same slot', () => {
    const report = reportOf('corrected unit');

    expect(report.run.slot).toBe(reportOf('rotten unit').run.slot);
    expect(report.quality).toMatchObject({ passed: true, accepted: 240, quarantined: 2 });
    expect(report.quality?.reasons.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['not UTF-8']));
    expect(report.places.quarantine.flatMap((folder) => readdirSync(folder))).toEqual([`unit=${day(14)}`]);
  });

  it.each([
    [['run', '--engin', 'spark'], '--engin is no option'],
    [['run', '--engine', 'pandas'], 'use one of spark, duckdb'],
    [['run', '--slot', 'yesterday'], 'is no slot'],
    [['run', '--from', '2026-03-11T00:00:00Z'], 'give --from and --to'],
    [['deploy'], 'use one of run, runs, models'],
    [['models', 'show', '99'], 'there is no version 99'],
    [['runs', 'show', 'none'], 'no run is called "none"'],
  ])('%j is told with its fix', async (args, text) => {
    const { exitCode, errors } = await project.run(args);

    expect(exitCode).toBe(1);
    expect(errors).toContain(text);
    expect(errors).toContain('fix: ');
  });
});

describe('JSON', () => {
  const keysOf = (value: unknown): readonly string[] => Object.keys(Object(value));

  it('has the shapes that docs/JSON.md promises', () => {
    const report = reportOf('first run');
    const { runs } = JSON.parse(resultOf('runs').output) as { runs: readonly object[] };

    expect(keysOf(report)).toEqual(['version', 'run', 'quality', 'trainingSet', 'audit', 'model', 'receipt', 'places']);
    expect(keysOf(report.places)).toEqual(['record', 'quarantine', 'trainingSet', 'model']);
    expect(keysOf(report.run.output)).toEqual(expect.arrayContaining(['outcome', 'version', 'status', 'reasons']));
    expect(keysOf(report.model)).toEqual(['body', 'events', 'status']);
    expect(keysOf(runs[0])).toEqual([
      'execution',
      'slot',
      'attempt',
      'engine',
      'status',
      'outcome',
      'seconds',
      'model',
      'boundUsd',
      'billedUsd',
    ]);
  });

  it('is all that stdout has', () => {
    expect(() => JSON.parse(resultOf('backfill').output)).not.toThrow();
  });
});

describe('every run, however it ended', () => {
  it('was billed at most its bound', () => {
    const { runs } = JSON.parse(resultOf('runs').output) as {
      runs: readonly { boundUsd: string; billedUsd: string }[];
    };

    expect(runs.length).toBeGreaterThan(8);
    for (const { boundUsd, billedUsd } of runs) expect(Number(billedUsd)).toBeLessThanOrEqual(Number(boundUsd));
  });
});

describe('lists', () => {
  it('have every version once, one of them the champion', () => {
    const { models } = JSON.parse(resultOf('models').output) as { models: readonly RegisteredModel[] };

    expect(models.map(({ body }) => body.number)).toEqual([...models.keys()].map((index) => models.length - index));
    expect(models.filter(({ status }) => status === 'champion')).toHaveLength(1);
    expect(resultOf('models for people').output).toMatch(/^version {2}status +slot/);
    expect(resultOf('show').output).toContain('version 1 of late-deliveries');
  });
});
