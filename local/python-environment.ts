import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../lib/errors/user-error.ts';
import { sha256 } from '../lib/plan/fingerprint.ts';
import { type CommandEnd, runCommand } from './command.ts';
import { PACKAGE_ROOT } from './package-files.ts';
import { stateDirectory } from './state/state-directory.ts';

/** Lock files below jobs/requirements, each with everything that the ones before it have. */
export type EnvironmentName = 'run' | 'spark' | 'test';

export interface EnvironmentOptions {
  /** The project's folder: the environment lies below its `.hundredfold/`. */
  readonly root: string;
  readonly name: EnvironmentName;
  /** Told what takes long. */
  readonly notify: (line: string) => void;
}

/**
 * Path of a Python that has every package of the lock file, installing it first where it is missing: a virtual
 * environment of the project, every package pinned by hash.
 *
 * The variable HUNDREDFOLD_PYTHON names an interpreter to use instead; it must be able to import the same packages.
 *
 * @throws UserError missing-python, missing-java, missing-packages, failed-installation
 */
export async function ensurePythonEnvironment({ root, name, notify }: EnvironmentOptions): Promise<string> {
  if (name === 'spark') await requireJava();
  const given = process.env['HUNDREDFOLD_PYTHON'];
  if (given !== undefined && given !== '') return requireImports(given, name);
  return ensureLockedPackages({ root, name, lockFile: join(PACKAGE_ROOT, 'jobs/requirements', `${name}.txt`), notify });
}

export interface LockedPackages {
  readonly root: string;
  /** Begins the environment's folder name. */
  readonly name: string;
  /** Every package with its version and hashes, as `pip-compile --generate-hashes` writes it: absolute. */
  readonly lockFile: string;
  readonly notify: (line: string) => void;
}

/**
 * Path of a Python that has every package of any lock file, installing it first where it is missing.
 *
 * @throws UserError missing-python, failed-installation
 */
export async function ensureLockedPackages({ root, name, lockFile, notify }: LockedPackages): Promise<string> {
  const lock = await readFile(lockFile);
  const folder = join(stateDirectory(root).python, `${name}-${sha256(lock).slice(0, 16)}`);
  const python = join(folder, 'bin/python');
  if (await exists(join(folder, COMPLETE))) return python;
  await install({ folder, lockFile, notify });
  return python;
}

/** Written last: a folder without it is the rest of an installation that was cut off. */
const COMPLETE = 'complete';

interface Installation {
  readonly folder: string;
  readonly lockFile: string;
  readonly notify: (line: string) => void;
}

async function install({ folder, lockFile, notify }: Installation): Promise<void> {
  const base = await findPython();
  notify(`installing Python packages into ${folder} (once)`);
  await rm(folder, { recursive: true, force: true });
  requireSuccess(await runCommand(base, ['-m', 'venv', folder]), 'cannot create a virtual environment');
  const pip = ['-m', 'pip', 'install', '--require-hashes', '--no-input', '--disable-pip-version-check', '--quiet'];
  const python = join(folder, 'bin/python');
  requireSuccess(await runCommand(python, [...pip, '-r', lockFile]), 'cannot install the Python packages');
  await writeFile(join(folder, COMPLETE), '');
}

function requireSuccess({ exitCode, errors }: CommandEnd, what: string): void {
  if (exitCode === 0) return;
  throw new UserError({
    code: 'failed-installation',
    message: `${what}: ${errors.trim().split('\n').slice(-5).join('; ')}`,
    resolution: 'check the network, free disk space and that python3 has its venv module, then repeat the command',
  });
}

/** The wheels of the lock files exist from the first to the last of these minor versions of Python 3, both inclusive. */
const MINORS = { first: 11, last: 13 };

const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python'];

async function findPython(): Promise<string> {
  const seen: string[] = [];
  for (const candidate of CANDIDATES) {
    const minor = await minorVersion(candidate);
    if (minor === undefined) continue;
    if (minor >= MINORS.first && minor <= MINORS.last) return candidate;
    seen.push(`${candidate} is 3.${minor}`);
  }
  throw new UserError({
    code: 'missing-python',
    message: `no Python 3.${MINORS.first} to 3.${MINORS.last} found${seen.length === 0 ? '' : `: ${seen.join(', ')}`}`,
    resolution: `install Python 3.${MINORS.last} so that python3 starts it, or name one in HUNDREDFOLD_PYTHON`,
  });
}

async function minorVersion(program: string): Promise<number | undefined> {
  const { exitCode, output } = await runCommand(program, ['-c', 'import sys; print(*sys.version_info[:2])']);
  const [major, minor] = output.trim().split(' ').map(Number);
  return exitCode === 0 && major === 3 ? minor : undefined;
}

const IMPORTS: Readonly<Record<EnvironmentName, readonly string[]>> = {
  run: ['duckdb', 'numpy', 'pyarrow', 'xgboost'],
  spark: ['duckdb', 'numpy', 'pyarrow', 'xgboost', 'pyspark', 'pandas'],
  test: ['duckdb', 'numpy', 'pyarrow', 'xgboost', 'pyspark', 'pandas', 'pytest', 'hypothesis', 'ruff', 'sklearn'],
};

async function requireImports(python: string, name: EnvironmentName): Promise<string> {
  const program = 'import importlib.util, sys; print(*[n for n in sys.argv[1:] if not importlib.util.find_spec(n)])';
  const { exitCode, output } = await runCommand(python, ['-c', program, ...IMPORTS[name]]);
  const missing = exitCode === 0 ? output.trim() : `everything: ${python} does not start`;
  if (missing === '') return python;
  throw new UserError({
    code: 'missing-packages',
    message: `HUNDREDFOLD_PYTHON=${python} lacks ${missing}`,
    resolution: `install jobs/requirements/${name}.txt there, or unset HUNDREDFOLD_PYTHON to have it installed into the project`,
  });
}

/** Spark 4.1 needs it. Source: https://spark.apache.org/docs/4.1.1/ (2026-11-20). */
const JAVA = 17;

async function requireJava(): Promise<void> {
  const home = process.env['JAVA_HOME'];
  const program = home === undefined || home === '' ? 'java' : join(home, 'bin/java');
  const { exitCode, errors } = await runCommand(program, ['-version']);
  const version = Number(/version "(\d+)/.exec(errors)?.[1] ?? 0);
  if (exitCode === 0 && version >= JAVA) return;
  throw new UserError({
    code: 'missing-java',
    message: exitCode === 0 ? `${program} is Java ${version}, Spark needs ${JAVA} or later` : 'no Java found',
    resolution: `install a JDK or JRE ${JAVA} and set JAVA_HOME, or run with --engine duckdb`,
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
