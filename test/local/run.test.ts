import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readOrThrow } from '../../lib/contracts/reader.ts';
import { trainingSetManifestReader } from '../../lib/runs/documents.ts';
import { listModels, readModel } from '../../local/models.ts';
import { listRuns, readRun } from '../../local/runs.ts';
import { HEADER, LocalProject, parcelsOf } from '../support/local-project.ts';

// Level: end to end. The synthesized app of a small pipeline, its own functions, scripts and trainers.

const EVERYTHING = ['ingest', 'training-set', 'trial', 'trial', 'evaluation'];
const LONG = 300_000;

async function readTrainingSets(project: LocalProject) {
  const root = join(project.lake, 'training-sets/parcels');
  const fingerprints = await readdir(root);
  return Promise.all(
    fingerprints.map(async (name) => {
      const path = join(root, name, 'manifest.json');
      return readOrThrow(trainingSetManifestReader, JSON.parse(await readFile(path, 'utf8')), path);
    }),
  );
}

describe('a pipeline runs here', () => {
  test('from raw files to an approved model, then again without computing anything, then with more days', {
    timeout: LONG,
  }, async () => {
    const project = await LocalProject.create();
    await project.land(1, 12);

    const first = await project.run();

    expect(first.outcome.runs).toMatchObject([
      {
        status: 'SUCCEEDED',
        slot: '2001-01-13T04:00:00Z',
        attempt: 0,
        output: { outcome: 'registered', version: 1, status: 'approved' },
      },
    ]);
    expect(first.jobs).toEqual(EVERYTHING);

    const again = await project.run();

    expect(again.outcome.runs).toMatchObject([{ status: 'SUCCEEDED', attempt: 1, output: { version: 1 } }]);
    expect(again.jobs).toEqual([]);
    expect(again.messages).toContainEqual({ kind: 'synthesis-skipped' });

    await project.land(13, 14);
    const later = await project.run();

    expect(later.outcome.runs).toMatchObject([
      { status: 'SUCCEEDED', slot: '2001-01-15T04:00:00Z', output: { version: 2 } },
    ]);
    expect(later.jobs).toEqual(EVERYTHING);
    const ingested = later.messages.flatMap((message) => (message.kind === 'job-progress' ? [message.line] : []));
    expect(ingested.join('\n')).toMatch(/200 rows: 200 accepted/);

    const backfill = await project.run({ slots: { kind: 'slot', slot: '2001-01-11T04:00:00Z' } });

    expect(backfill.outcome.runs).toMatchObject([{ status: 'SUCCEEDED', output: { version: 3, status: 'candidate' } }]);

    const runs = await listRuns(project.folder);
    expect(runs.map(({ execution }) => execution)).toEqual([
      '2001-01-11T04-00-00Z-0',
      '2001-01-15T04-00-00Z-0',
      '2001-01-13T04-00-00Z-1',
      '2001-01-13T04-00-00Z-0',
    ]);
    expect(await readRun(project.folder, '2001-01-15T04-00-00Z-0')).toEqual(later.outcome.runs[0]);
    await expect(readRun(project.folder, 'nobody')).rejects.toMatchObject({ code: 'unknown-run' });
    const models = await listModels(project.folder);
    expect(models.map(({ body }) => body.number)).toEqual([3, 2, 1]);
    expect(models.filter(({ status }) => status === 'champion')).toHaveLength(1);
    expect(await readModel(project.folder, 1)).toMatchObject({ body: { execution: '2001-01-13T04-00-00Z-0' } });
    await expect(readModel(project.folder, 9)).rejects.toThrow('the versions are 3, 2, 1');
  });

  test('on PySpark as on DuckDB: the same training set, byte for byte', { timeout: LONG }, async () => {
    const project = await LocalProject.create();
    await project.land(1, 4);
    await project.landText(5, `${parcelsOf(5)}2001-01-05T05:00:00+00:00,x,1,D1\nshort\n`);

    await project.run({ engine: 'duckdb' });
    await project.run({ engine: 'spark' });

    const [first, second, ...others] = await readTrainingSets(project);
    expect(others).toEqual([]);
    expect(first?.fingerprint).not.toBe(second?.fingerprint);
    expect(first?.splits).toEqual(second?.splits);
    expect(first?.distribution.sha256).toBe(second?.distribution.sha256);
    const digests = await Promise.all(
      [first, second].map((manifest) => fileDigests(project, manifest?.files.key ?? '')),
    );
    expect(digests[0]).toEqual(digests[1]);
  });
});

/** SHA-256 of every file of a training set, by its place below the attempt. */
async function fileDigests(project: LocalProject, key: string): Promise<readonly string[]> {
  const files: readonly { readonly key: string; readonly sha256: string }[] = JSON.parse(
    await readFile(join(project.lake, key), 'utf8'),
  );
  return files.map((file) => `${file.key.split('/').slice(-3).join('/')} ${file.sha256}`).sort();
}

describe('a run that is cut off', () => {
  test('by a kill is finished by the same command, which publishes each thing once', { timeout: LONG }, async () => {
    const project = await LocalProject.create();
    await project.land(1, 12);
    const isTraining = (message: { readonly kind: string; readonly job?: string }): boolean =>
      message.kind === 'job-started' && /-t\d+-/.test(message.job ?? '');

    await project.runAndKill(isTraining);
    const { outcome, messages, jobs } = await project.run();

    expect(messages).toContainEqual({ kind: 'lost-run-ended', execution: '2001-01-13T04-00-00Z-0' });
    expect(outcome.runs).toMatchObject([
      { status: 'SUCCEEDED', attempt: 1, output: { outcome: 'registered', version: 1 } },
    ]);
    expect(jobs).toEqual(['trial', 'trial', 'evaluation']);
    expect(await readRun(project.folder, '2001-01-13T04-00-00Z-0')).toMatchObject({ status: 'ABORTED' });
    expect(await readdir(join(project.folder, '.hundredfold/processes'))).toEqual([]);
  });

  test('by the user ends in order, and can be finished', { timeout: LONG }, async () => {
    const project = await LocalProject.create();
    await project.land(1, 12);
    const controller = new AbortController();

    const stopped = await project.run({
      signal: controller.signal,
      onMessage: (message) => message.kind === 'job-started' && controller.abort(),
    });

    expect(stopped.outcome.runs).toMatchObject([{ status: 'ABORTED', attempt: 0 }]);
    expect(stopped.messages.at(-1)).toMatchObject({ kind: 'run-ended', status: 'ABORTED' });
    expect(await readdir(join(project.lake, 'curated/parcels')).catch(() => [])).not.toContain('manifests');
    expect((await project.run()).outcome.runs).toMatchObject([{ status: 'SUCCEEDED', attempt: 1 }]);
  });
});

describe('bad input', () => {
  const damaged = Buffer.from(`${'\xff\xfe,1,1,D1\n'.repeat(60)}`, 'latin1');

  test.each([
    ['a changed header', `${HEADER},extra\n`, /header/i],
    ['too few rows', parcelsOf(3).split('\n').slice(0, 20).join('\n'), /rowCount/],
    ['bytes that are not UTF-8', Buffer.concat([Buffer.from(parcelsOf(3)), damaged]), /quarantined/],
  ])('%s stops the run, with nothing published', { timeout: LONG }, async (_, text, reason) => {
    const project = await LocalProject.create();
    await project.land(1, 2);
    await project.landText(3, text);

    const { outcome, jobs } = await project.run();

    const [run] = outcome.runs;
    expect(`${run?.reason} ${JSON.stringify(run?.output)}`).toMatch(reason);
    expect(new Set(jobs)).toEqual(new Set(['ingest']));
    expect(await readdir(join(project.lake, 'curated/parcels/manifests')).catch(() => [])).toEqual([]);
  });

  test('nothing landed, and slots that are none', { timeout: LONG }, async () => {
    const project = await LocalProject.create();
    await expect(project.run()).rejects.toMatchObject({ code: 'no-landing-units' });
    await project.land(1, 1);
    const slots = (slot: string) => project.run({ slots: { kind: 'slot', slot } });
    await expect(slots('yesterday')).rejects.toMatchObject({ code: 'invalid-slot' });
    await expect(slots('2001-01-05T05:00:00Z')).rejects.toMatchObject({
      code: 'invalid-slot',
      resolution: expect.stringContaining('2001-01-06T04:00:00Z'),
    });
    const range = { kind: 'range', from: '2001-01-05T05:00:00Z', to: '2001-01-05T06:00:00Z' } as const;
    await expect(project.run({ slots: range })).rejects.toMatchObject({ code: 'no-slots' });
    expect(await listRuns(project.folder)).toEqual([]);
  });
});
