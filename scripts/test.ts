import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ensurePythonEnvironment } from '../local/python-environment.ts';

/**
 * The test command: every check and every test, in one table, ending in `N passed, N failed`. A check (format, lint,
 * types, dependency rules …) counts as one; `--checks` leaves out the tests themselves.
 */
interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
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

function checks(python: string): readonly Step[] {
  const python3 = ['-m', 'ruff'];
  return [
    { name: 'format and lint', command: ['biome', 'ci', '--error-on-warnings'] },
    { name: 'types', command: ['tsc', '--noEmit'] },
    { name: 'types, exact', command: ['tsc', '--noEmit', '-p', 'tsconfig.core.json'] },
    { name: 'dead exports', command: ['knip', '--no-progress'] },
    { name: 'python format', command: [python, ...python3, 'format', '--check', 'jobs', 'examples', 'bench'] },
    { name: 'python lint', command: [python, ...python3, 'check', 'jobs', 'examples', 'bench'] },
    { name: 'python types', command: ['pyright', '--pythonpath', python] },
  ];
}

function tests(python: string): readonly Step[] {
  return [
    {
      name: 'typescript tests',
      command: ['vitest', 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${vitestReport}`],
      count: countVitest,
    },
    { name: 'python tests', command: [python, '-m', 'pytest', `--junitxml=${pytestReport}`], count: countPytest },
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
  const [program = '', ...parameters] = step.command;
  process.stdout.write(`\n── ${step.name}\n`);
  const code = await new Promise<number>((done, fail) => {
    const child = spawn(program, parameters, { cwd: root, stdio: 'inherit', env: environment });
    child.on('error', fail).on('close', (status) => done(status ?? 1));
  });
  if (step.count === undefined) return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  const counts = await step.count();
  // A runner that fails without naming a failed test still fails.
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

async function main(): Promise<void> {
  const onlyChecks = process.argv.includes('--checks');
  await rm(reports, { recursive: true, force: true });
  await mkdir(reports, { recursive: true });
  const python = await ensurePythonEnvironment({
    root,
    name: 'test',
    notify: (line) => process.stdout.write(`${line}\n`),
  });
  const binaries = join(root, 'node_modules/.bin');
  const environment = {
    ...process.env,
    PATH: `${binaries}:${dirname(python)}:${process.env['PATH']}`,
    HUNDREDFOLD_PYTHON: python,
  };
  const results: (Counts & { readonly name: string })[] = [];
  for (const step of [...checks(python), ...(onlyChecks ? [] : tests(python))]) {
    results.push({ name: step.name, ...(await run(step, environment)) });
  }
  const total = (field: keyof Counts): number => results.reduce((sum, result) => sum + result[field], 0);
  const line = ({ passed, failed, skipped }: Counts): string =>
    `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
  process.stdout.write(`\n${results.map((result) => `${result.name.padEnd(20)} ${line(result)}`).join('\n')}\n\n`);
  process.stdout.write(`${line({ passed: total('passed'), failed: total('failed'), skipped: total('skipped') })}\n`);
  process.exitCode = total('failed') === 0 ? 0 : 1;
}

await main();
