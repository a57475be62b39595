import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { UserError } from '../lib/errors/user-error.ts';
import { sha256 } from '../lib/plan/fingerprint.ts';
import { isObject, type JsonObject, objectAt, textAt } from './cloudformation/template.ts';
import { runCommand } from './command.ts';
import type { RunHost } from './host.ts';
import { PACKAGE_ROOT } from './package-files.ts';
import { readJsonFile, writeJsonFile } from './state/json-file.ts';
import type { StateDirectory } from './state/state-directory.ts';

/**
 * Runs the app of the project's cdk.json into `.hundredfold/cdk.out`, unless nothing that it is made of has changed:
 * the project's own sources, its lock file, and this package with its jobs and functions.
 *
 * @throws UserError missing-app, synthesis-failed
 */
export async function synthesize(
  project: string,
  state: StateDirectory,
  host: RunHost,
  signal: AbortSignal,
): Promise<void> {
  const app = await readApp(project);
  const digest = await digestSources(project);
  const last = await readJsonFile(state.assemblyDigest).catch(() => undefined);
  if (isObject(last) && last['digest'] === digest) {
    host.notify({ kind: 'synthesis-skipped' });
    return;
  }
  host.notify({ kind: 'synthesis-started', command: app.command });
  const startedAt = performance.now();
  await rm(state.assemblyDigest, { force: true });
  await rm(state.assembly, { recursive: true, force: true });
  await runApp(app, { project, output: state.assembly, signal });
  await writeJsonFile(state.assemblyDigest, { digest });
  host.notify({ kind: 'synthesis-ended', seconds: (performance.now() - startedAt) / 1000 });
}

interface App {
  readonly command: string;
  readonly context: JsonObject;
}

async function readApp(project: string): Promise<App> {
  const path = join(project, 'cdk.json');
  const configuration = await readJsonFile(path).catch((cause: unknown) => {
    throw missingApp(`${path} cannot be read: ${String(cause)}`, cause);
  });
  if (!isObject(configuration)) throw missingApp(`there is no ${path}`);
  const command = textAt(configuration, 'app');
  if (command === undefined) throw missingApp(`${path} names no app`);
  const cached = await readJsonFile(join(project, 'cdk.context.json'));
  return { command, context: { ...(isObject(cached) ? cached : {}), ...objectAt(configuration, 'context') } };
}

const missingApp = (message: string, cause?: unknown): UserError =>
  new UserError({
    code: 'missing-app',
    message,
    resolution: 'run this in the folder of a CDK app, whose cdk.json has "app": "node app.ts"',
    ...(cause === undefined ? {} : { cause }),
  });

interface AppRun {
  readonly project: string;
  readonly output: string;
  readonly signal: AbortSignal;
}

async function runApp({ command, context }: App, { project, output, signal }: AppRun): Promise<void> {
  const [program = '', ...args] = splitCommand(command);
  const environment = {
    ...process.env,
    // The app runs on this Node, whatever the machine's own is.
    PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    CDK_OUTDIR: output,
    // As under the CDK's own command line: what a validation refuses is printed, and is the exit code, not an exception.
    CDK_APP_MODE: 'process',
    CDK_CONTEXT_JSON: JSON.stringify(context),
  };
  const end = await runCommand(program, args, { directory: project, environment, signal });
  if (end.exitCode === 0) return;
  if (signal.aborted) throw stopped();
  throw explain(command, end.errors === '' ? end.output : end.errors);
}

const stopped = (): UserError =>
  new UserError({
    code: 'stopped',
    message: 'stopped before a run began',
    resolution: 'repeat the command: nothing was started',
  });

/** Words of a command line; quotes keep spaces. No shell takes part. */
function splitCommand(command: string): readonly string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}

/** What the app says with a fix is passed on as it is; anything else by its last lines. */
function explain(command: string, errors: string): UserError {
  const [, message, resolution] = /error: ([\s\S]*?)\n {2}fix: ([^\n]*)\s*$/.exec(errors) ?? [];
  if (message !== undefined && resolution !== undefined) {
    return new UserError({ code: 'synthesis-failed', message, resolution });
  }
  const refused = [...errors.matchAll(/^ERROR ([\s\S]*?) \([\w-]+\)$[\s\S]*?^ +Suggested fix: (.*)$/gm)];
  if (refused.length > 0) return refusedByValidation(refused.map(([, problem = '', fix = '']) => ({ problem, fix })));
  const thrown = errors.split('\n').filter((line) => line.trim() !== '' && !/^\s+at |^Node\.js v/.test(line));
  return new UserError({
    code: 'synthesis-failed',
    message: `the app ${JSON.stringify(command)} failed: ${thrown.slice(-8).join('\n')}`,
    resolution: 'correct the app; its command alone shows the whole message',
  });
}

interface Refusal {
  readonly problem: string;
  readonly fix: string;
}

const refusedByValidation = (refusals: readonly Refusal[]): UserError =>
  new UserError({
    code: 'synthesis-failed',
    message: `the app is refused: ${refusals.map(({ problem }) => problem).join('; ')}`,
    resolution: [...new Set(refusals.map(({ fix }) => fix))].join('; '),
  });

const SKIPPED_FOLDERS = new Set([
  'node_modules',
  '.hundredfold',
  'cdk.out',
  'dist',
  '.git',
  'coverage',
  'test',
  'tests',
  'docs',
]);
const SOURCE = /\.(?:[cm]?[jt]s|json)$/;

/** Where the package's code lies: a checkout runs its sources, and of what is built only the functions' bundles. */
const COMPILED = existsSync(join(PACKAGE_ROOT, 'lib')) ? ['lib', 'stacks', 'dist/lambdas'] : ['dist'];

/** SHA-256 over names and bytes of everything that the assembly is made of. */
async function digestSources(project: string): Promise<string> {
  const own = (await listFiles(project)).filter((path) => SOURCE.test(path));
  const parts = ['package.json', 'jobs', 'data', ...COMPILED].map((name) => join(PACKAGE_ROOT, name));
  const shipped = (await Promise.all(parts.map(listFiles))).flat();
  const lines = await Promise.all(
    [...new Set([...own, ...shipped])]
      .sort()
      .map(async (path) => `${relative(project, path)} ${sha256(await readFile(path))}`),
  );
  return sha256(lines.join('\n'));
}

async function listFiles(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
  // A file where a folder could be: package.json.
  if (entries === undefined) return path.endsWith('.json') ? [path] : [];
  const nested = entries
    .filter(({ name }) => !SKIPPED_FOLDERS.has(name) && name !== '__pycache__' && !name.startsWith('.'))
    .map((entry) => (entry.isDirectory() ? listFiles(join(path, entry.name)) : [join(path, entry.name)]));
  return (await Promise.all(nested)).flat();
}
