import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureLockedPackages, ensurePythonEnvironment } from '../../local/python-environment.ts';
import { type Measurement, measure } from '../measure.ts';

/** How much to measure. */
export interface FeatureBenchOptions {
  /** A twentieth of the rows: tries the harness, measures nothing. */
  readonly small: boolean;
  /** Of `memory`: how many times the flights are repeated. */
  readonly scales: readonly number[];
}

/** A folder of a benchmark's own, removed at its end, and the Pythons of its contenders. */
export interface Workplace extends FeatureBenchOptions {
  readonly root: string;
  readonly folder: string;
  readonly python: {
    readonly run: string;
    readonly spark: string;
    readonly flights: string;
  };
}

export const notify = (line: string): void => void process.stderr.write(`${line}\n`);

/** Lets a benchmark work in a folder that is removed whatever becomes of it. */
export async function inWorkplace<T>(
  root: string,
  options: FeatureBenchOptions,
  work: (place: Workplace) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-features-'));
  const leave = (): never => {
    rmSync(folder, { recursive: true, force: true });
    return process.exit(1);
  };
  process.once('SIGINT', leave).once('SIGTERM', leave);
  try {
    const python = {
      run: await ensurePythonEnvironment({ root, name: 'run', notify }),
      spark: await ensurePythonEnvironment({ root, name: 'spark', notify }),
      flights: await ensureLockedPackages({
        root,
        name: 'flights',
        lockFile: join(root, 'examples/flights/requirements.txt'),
        notify,
      }),
    };
    return await work({ ...options, root, folder, python });
  } finally {
    await rm(folder, { recursive: true, force: true });
    process.removeListener('SIGINT', leave).removeListener('SIGTERM', leave);
  }
}

/** How a step is run. */
export interface StepOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** How long it may take. */
  readonly limitSeconds?: number;
}

/** Runs a command that must succeed, or reach its limit where it has one; Python finds the jobs' modules. */
export async function step(
  { root, folder }: Workplace,
  name: string,
  command: readonly string[],
  { env = {}, ...limits }: StepOptions = {},
): Promise<Measurement> {
  notify(`… ${name}`);
  const given = { PYTHONPATH: join(root, 'jobs'), ...env };
  const measurement = await measure(command, { cwd: folder, env: given, ...limits });
  if (measurement.exitCode !== 0 && measurement.exitCode !== 'stopped')
    throw new Error(`${name} failed\n${measurement.errors.slice(-2_000)}`);
  return measurement;
}
