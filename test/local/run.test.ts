import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, symlinkSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isWithinBound } from '../../lib/runs/receipt.ts';
import { usd } from '../../lib/units/usd.ts';
import type { RunMessage } from '../../local/host.ts';
import { readRunReport } from '../../local/run-report.ts';
import { listRuns, type RunRecord, readRun } from '../../local/runs.ts';
import { listFolder } from '../../local/state/json-file.ts';
import { stateDirectory } from '../../local/state/state-directory.ts';
import { LocalProject, parcelsOf } from '../support/local-project.ts';
import { isAlive } from '../support/processes.ts';

// Level: end to end, in the checkout. What a team does in its first weeks is test/end-to-end; here is what goes wrong.

const LONG = 300_000;

/** Interrupts the command as Ctrl-C does once a job's process runs; gives the processes that ran then. */
function interruptInJob(project: LocalProject): {
  readonly onStart: (child: ChildProcess) => void;
  readonly interrupted: Promise<readonly number[]>;
} {
  const { promise: interrupted, resolve } = Promise.withResolvers<readonly number[]>();
  const watch = async (child: ChildProcess): Promise<void> => {
    while (child.exitCode === null) {
      const running = await project.processes();
      if (running.length > 0) {
        child.kill('SIGINT');
        resolve(running);
        return;
      }
      await sleep(10);
    }
    resolve([]);
  };
  return { onStart: (child) => void watch(child), interrupted };
}

/** From now on, every write to the run's history finds the disk full. */
function fillDisk(project: LocalProject, execution: string): string {
  const { events } = stateDirectory(project.folder).executionOf(execution);
  renameSync(events, `${events}.before`);
  symlinkSync('/dev/full', events);
  return events;
}

/** Settled, at most its bound, and both by state. */
async function expectWithinBound(project: LocalProject, run: RunRecord): Promise<void> {
  const { receipt } = await readRunReport(project.folder, run);
  expect(receipt, run.execution).toMatchObject({ complete: true, open: [] });
  expect(receipt !== null && isWithinBound(receipt), run.execution).toBe(true);
  for (const { state, boundUsd, billedUsd } of receipt?.states ?? []) {
    expect(usd(billedUsd), `${state} of ${run.execution}`).toBeLessThanOrEqual(usd(boundUsd ?? '0'));
  }
}

const isTrial = (message: RunMessage): boolean => message.kind === 'job-started' && /-t\d+-/.test(message.job);
const published = (project: LocalProject, path: string): Promise<readonly string[]> =>
  listFolder(join(project.lake, path));

test('a run that is interrupted, out of disk or killed is finished by the same command, each thing published once', {
  timeout: LONG,
}, async () => {
  const project = await LocalProject.create();
  await project.land(1, 12);

  const { onStart, interrupted } = interruptInJob(project);
  const stopped = await project.command(['run'], onStart);

  const [job] = await interrupted;
  expect(job).toBeGreaterThan(0);
  expect(isAlive(job ?? 0)).toBe(false);
  expect(stopped.exitCode).toBe(3);
  expect(stopped.errors).toContain('stopping: the run and its jobs are being ended');
  expect(stopped.output).toContain('run 2001-01-13T04-00-00Z-0 aborted');
  expect(stopped.output).toContain('next: the same command finishes the run');
  expect(await published(project, 'curated/parcels/manifests')).toEqual([]);

  let history = '';
  const full = project.run({
    onMessage: (message) => {
      if (message.kind === 'state-entered' && message.state === 'Build training set')
        history = fillDisk(project, message.execution);
    },
  });
  await expect(full).rejects.toMatchObject({
    code: 'disk-full',
    message: expect.stringContaining(project.folder),
    resolution: expect.stringContaining('free some space'),
  });
  await rm(history);
  expect(await published(project, 'curated/parcels/manifests')).toHaveLength(12);
  const [trainingSet = ''] = await published(project, 'training-sets/parcels');
  expect(await published(project, `training-sets/parcels/${trainingSet}`)).not.toContain('manifest.json');
  expect(await project.processes()).toEqual([]);

  await project.runAndKill(isTrial);
  const { outcome, messages, jobs } = await project.run();

  expect(messages).toContainEqual({ kind: 'lost-run-ended', execution: '2001-01-13T04-00-00Z-2' });
  expect(outcome).toMatchObject({
    runs: [{ status: 'SUCCEEDED', attempt: 3, output: { outcome: 'registered', version: 1 } }],
    notRun: [],
  });
  expect(jobs).toEqual(['trial', 'trial', 'evaluation']);
  expect(await project.processes()).toEqual([]);
  for (const attempt of [0, 1, 2])
    expect(await readRun(project.folder, `2001-01-13T04-00-00Z-${attempt}`)).toMatchObject({ status: 'ABORTED' });
  for (const run of await listRuns(project.folder)) await expectWithinBound(project, run);
});

describe('bad input', () => {
  test('nothing landed, slots that are none, and a backfill whose first slot fails', { timeout: LONG }, async () => {
    const project = await LocalProject.create();
    await expect(project.run()).rejects.toMatchObject({ code: 'no-landing-units' });
    await project.land(1, 5);
    await project.landText(3, parcelsOf(3).split('\n').slice(0, 20).join('\n'));
    const slots = (slot: string) => project.run({ slots: { kind: 'slot', slot } });
    await expect(slots('yesterday')).rejects.toMatchObject({ code: 'invalid-slot' });
    await expect(slots('2001-01-05T05:00:00Z')).rejects.toMatchObject({
      code: 'invalid-slot',
      resolution: expect.stringContaining('2001-01-06T04:00:00Z'),
    });
    const range = { kind: 'range', from: '2001-01-05T05:00:00Z', to: '2001-01-05T06:00:00Z' } as const;
    await expect(project.run({ slots: range })).rejects.toMatchObject({ code: 'no-slots' });
    expect(await listRuns(project.folder)).toEqual([]);

    const backfill = await project.command(['run', '--from', '2001-01-04T04:00:00Z', '--to', '2001-01-06T04:00:00Z']);

    expect(backfill.exitCode).toBe(3);
    expect(backfill.output).toMatch(/^run 2001-01-04T04-00-00Z-0 refused/);
    expect(backfill.output).toMatch(/check failed +.*rowCount/);
    expect(backfill.output).toContain('not run: 2001-01-05T04:00:00Z to 2001-01-06T04:00:00Z (2 slots)');
    const [refused, ...others] = await listRuns(project.folder);
    expect([refused?.slot, others]).toEqual(['2001-01-04T04:00:00Z', []]);
    if (refused !== undefined) await expectWithinBound(project, refused);
    expect(await published(project, 'curated/parcels/manifests')).toEqual([]);
  });

  /** The command fails calmly: exit code 1, what is wrong, its fix, and no stack. */
  async function expectExplained(project: LocalProject, ...texts: readonly string[]): Promise<void> {
    const { exitCode, output, errors } = await project.command(['run']);
    for (const text of [...texts, 'fix: ']) expect(errors).toContain(text);
    expect(errors).not.toMatch(/^\s+at /m);
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' });
  }

  test('a definition with mistakes, an app that fails, and none, are explained by the command', {
    timeout: LONG,
  }, async () => {
    const project = await LocalProject.create();
    const definition = join(project.folder, 'pipeline.ts');
    await project.editDefinition((text) =>
      text.replace("entity: ['depot']", "entity: ['depto']").replace('trials: 2', 'trials: 0'),
    );
    await expectExplained(project, 'depto', 'trials');
    await writeFile(definition, `throw new TypeError('columns is not a function');\n`);
    await expectExplained(project, 'TypeError: columns is not a function');
    await rm(join(project.folder, 'cdk.json'));
    await expectExplained(project, 'there is no ', 'run this in the folder of a CDK app');
  });

  test('a state directory that another live process holds is left alone', async () => {
    const project = await LocalProject.create();
    const holder = spawn('sleep', ['600']);
    onTestFinished(async () => {
      holder.kill();
      await once(holder, 'exit');
    });
    await project.landText(1, '');
    await writeFile(stateDirectory(project.folder).lock, `${holder.pid}\n`);

    await expectExplained(project, 'state directory in use', `process ${holder.pid}`, 'stop it');

    expect(await listFolder(stateDirectory(project.folder).root)).toEqual(['lock', 's3']);
  });
});
