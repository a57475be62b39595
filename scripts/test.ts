import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ensurePythonEnvironment } from '../local/python-environment.ts';

/**
 * The test command: every check and every test, in one table, ending in `N passed, N failed`. A check (format, lint,
 * types, dependency rules …) counts as one; `--checks` leaves out the tests themselves. TypeScript and Python go side
 * by side; what a step prints is shown when it ends.
 */
interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Result extends Counts {
  readonly name: string;
}

interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** How to count what ran; a step without one is a single check. */
  readonly count?: () => Promise<Counts>;
}

const root = resolve(import.meta.dirname, '..');
const reports = join(root, '.hundredfold/reports');
const vitestReport = join(reports, 'vitest.json');
const pytestReport = join(reports, 'pytest.xml');

function typescript(): readonly Step[] {
  return [
    { name: 'format and lint', command: ['biome', 'ci', '--error-on-warnings'] },
    { name: 'types', command: ['tsc', '--noEmit'] },
    { name: 'types, exact', command: ['tsc', '--noEmit', '-p', 'tsconfig.core.json'] },
    { name: 'dead exports', command: ['knip', '--no-progress'] },
    {
      name: 'typescript tests',
      command: ['vitest', 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${vitestReport}`],
      count: countVitest,
    },
  ];
}

function python(program: string): readonly Step[] {
  const ruff = [program, '-m', 'ruff'];
  return [
    { name: 'python format', command: [...ruff, 'format', '--check', 'jobs', 'examples', 'bench'] },
    { name: 'python lint', command: [...ruff, 'check', 'jobs', 'examples', 'bench'] },
    { name: 'python types', command: ['pyright', '--pythonpath', program] },
    { name: 'python tests', command: [program, '-m', 'pytest', `--junitxml=${pytestReport}`], count: countPytest },
  ];
}

async function countVitest(): Promise<Counts> {
  const report = JSON.parse(await readFile(vitestReport, 'utf8')) as Record<string, number>;
  const number = (field: string): number => report[field] ?? 0;
  return {
    passed: number('numPassedTests'),
    failed: number('numFailedTests') + (number('numFailedTests') === 0 ? number('numFailedTestSuites') : 0),
    skipped: number('numPendingTests') + number('numTodoTests'),
  };
}

async function countPytest(): Promise<Counts> {
  const report = await readFile(pytestReport, 'utf8');
  const number = (field: string): number =>
    Number(new RegExp(`<testsuite [^>]*\\b${field}="(\\d+)"`).exec(report)?.[1] ?? 0);
  const failed = number('failures') + number('errors');
  return { passed: number('tests') - failed - number('skipped'), failed, skipped: number('skipped') };
}

async function run(step: Step, environment: NodeJS.ProcessEnv): Promise<Counts> {
  process.stdout.write(`${step.name} ...\n`);
  const { code, output } = await outcome(step.command, environment);
  process.stdout.write(`\n── ${step.name}\n${output}\n`);
  if (step.count === undefined) return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  const counts = await step.count();
  // A runner that fails without naming a failed test still fails.
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

async function outcome(
  [program = '', ...parameters]: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly code: number; readonly output: string }> {
  return await new Promise((done, fail) => {
    const child = spawn(program, parameters, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: environment });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', fail);
    child.on('close', (status) => done({ code: status ?? 1, output: Buffer.concat(chunks).toString() }));
  });
}

/** Runs steps one after the other. */
async function runAll(steps: readonly Step[], environment: NodeJS.ProcessEnv): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const step of steps) results.push({ name: step.name, ...(await run(step, environment)) });
  return results;
}

async function main(): Promise<void> {
  const onlyChecks = process.argv.includes('--checks');
  await rm(reports, { recursive: true, force: true });
  await mkdir(reports, { recursive: true });
  const interpreter = await ensurePythonEnvironment({
    root,
    name: 'test',
    notify: (line) => process.stdout.write(`${line}\n`),
  });
  const binaries = join(root, 'node_modules/.bin');
  const environment = {
    ...process.env,
    PATH: `${binaries}:${dirname(interpreter)}:${process.env['PATH']}`,
    HUNDREDFOLD_PYTHON: interpreter,
  };
  const sides = [typescript(), python(interpreter)].map((steps) =>
    onlyChecks ? steps.filter((step) => step.count === undefined) : steps,
  );
  const results = (await Promise.all(sides.map((steps) => runAll(steps, environment)))).flat();
  const total = (field: keyof Counts): number => results.reduce((sum, result) => sum + result[field], 0);
  const line = ({ passed, failed, skipped }: Counts): string =>
    `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
  process.stdout.write(`\n${results.map((result) => `${result.name.padEnd(20)} ${line(result)}`).join('\n')}\n\n`);
  process.stdout.write(`${line({ passed: total('passed'), failed: total('failed'), skipped: total('skipped') })}\n`);
  process.exitCode = total('failed') === 0 ? 0 : 1;
}

await main();
