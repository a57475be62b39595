import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '../lib/errors/fault.ts';
import { ensureLockedPackages, ensurePythonEnvironment } from '../local/python-environment.ts';
import type { RunReport } from '../local/run-report.ts';
import type { Figure } from './figure.ts';
import { type Measurement, measure } from './measure.ts';

/** What `honest.py` saves: the script's model on its own features, and on those that were known in time. */
interface ScriptScores {
  readonly claimed: { readonly pr_auc: number };
  readonly honest: { readonly pr_auc: number };
}

/** A project folder of its own for the benchmark, and the Pythons of its parts. */
interface Workplace {
  readonly root: string;
  readonly folder: string;
  readonly landing: string;
  readonly python: { readonly land: string; readonly laptop: string; readonly run: string };
}

const notify = (line: string): void => void process.stderr.write(`${line}\n`);

async function prepare(root: string): Promise<Workplace> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-run-'));
  const flights = join(root, 'examples/flights');
  const locked = (name: string, file: string): Promise<string> =>
    ensureLockedPackages({ root, name, lockFile: join(flights, file), notify });
  const context = { pipeline: join(flights, 'pipeline.ts') };
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app: `node ${join(root, 'bin/app.ts')}`, context }));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return {
    root,
    folder,
    landing: join(folder, '.hundredfold/s3/flight-delays-data-000000000000-us-east-1/raw/flights'),
    python: {
      land: await locked('flights', 'requirements.txt'),
      laptop: await locked('laptop', 'laptop/requirements.txt'),
      run: await ensurePythonEnvironment({ root, name: 'run', notify }),
    },
  };
}

async function step(name: string, command: readonly string[], { folder, python }: Workplace): Promise<Measurement> {
  notify(`… ${name}`);
  const measurement = await measure(command, { cwd: folder, env: { HUNDREDFOLD_PYTHON: python.run } });
  if (measurement.exitCode !== 0) throw new Error(`${name} failed\n${measurement.errors}`);
  return measurement;
}

/**
 * The flights example end to end, and the laptop script on the same question with the same trials and rounds, in one
 * run: the pipeline from landed CSV to a registered model, synthesis included, then unchanged, then the script.
 */
export async function benchEndToEnd(root: string): Promise<readonly Figure[]> {
  const place = await prepare(root);
  const run = [process.execPath, join(root, 'bin/hundredfold.mjs'), 'run', '--json'];
  await step('landing', [place.python.land, join(root, 'examples/flights/land.py'), '--to', place.landing], place);
  const first = await step('first run', run, place);
  const again = await step('unchanged rerun', run, place);
  const { script, scores } = await runScript(place);
  rmSync(place.folder, { recursive: true });
  return [...compare(first, script), ...quality(reportOf(first), scores), ...shares(reportOf(first), first, again)];
}

async function runScript(place: Workplace): Promise<{ readonly script: Measurement; readonly scores: ScriptScores }> {
  const { root, folder, landing, python } = place;
  const [model, scores] = [join(folder, 'model.ubj'), join(folder, 'scores.json')];
  const laptop = (name: string): string => join(root, 'examples/flights/laptop', name);
  const search = [python.laptop, laptop('train.py'), landing, '--trials', '4', '--rounds', '100', '--model', model];
  const script = await step('laptop script', search, place);
  const inTime = [python.laptop, laptop('honest.py'), landing, '--model', model, '--json', scores];
  await step('laptop script, told only what was known', inTime, place);
  return { script, scores: JSON.parse(readFileSync(scores, 'utf8')) as ScriptScores };
}

function reportOf({ output }: Measurement): RunReport {
  const { runs } = JSON.parse(output) as { readonly runs: readonly RunReport[] };
  return must(runs[0], 'a run');
}

function compare(run: Measurement, script: Measurement): readonly Figure[] {
  const ratio = run.seconds / script.seconds;
  return [
    {
      name: 'laptop script, four trials',
      value: `${script.seconds.toFixed(0)} s, ${script.peakMegabytes.toFixed(0)} MB`,
    },
    { name: 'first run, four trials', value: `${run.seconds.toFixed(0)} s, ${run.peakMegabytes.toFixed(0)} MB` },
    { name: 'ratio of wall times', value: `${ratio.toFixed(2)} x`, goal: '<= 0.55 x', met: ratio <= 0.55 },
  ];
}

function quality(report: RunReport, script: ScriptScores): readonly Figure[] {
  const body = must(report.model, 'a model').body;
  const score = body.metrics.test.pr_auc;
  return [
    { name: 'test PR-AUC, script as claimed', value: script.claimed.pr_auc.toFixed(4) },
    { name: 'test PR-AUC, script told only what was known', value: script.honest.pr_auc.toFixed(4) },
    {
      name: `test PR-AUC, pipeline (base rate ${body.baseRate.toFixed(4)})`,
      value: score.toFixed(4),
      goal: '>= 0.48',
      met: score >= 0.48,
    },
  ];
}

const INGEST = ['Ingest and check', 'Read quality report', 'Publish partitions'];
const TRAINING_SET = ['Build training set'];
const TRAINING = ['Train trials', 'Evaluate'];

/** Shares of the wall time of the first run; what is left of it is orchestration, synthesis and start-up included. */
function shares(report: RunReport, first: Measurement, again: Measurement): readonly Figure[] {
  const spent = (names: readonly string[]): number =>
    report.run.states
      .filter(({ state, path }) => path.length === 0 && names.includes(state))
      .reduce(
        (total, { enteredTime, exitedTime }) =>
          total + (Date.parse(exitedTime ?? enteredTime) - Date.parse(enteredTime)) / 1_000,
        0,
      );
  const [ingest, trainingSet, training] = [spent(INGEST), spent(TRAINING_SET), spent(TRAINING)];
  const rest = first.seconds - ingest - trainingSet - training;
  const withoutTraining = first.seconds - training;
  const share = (seconds: number): string =>
    `${seconds.toFixed(1)} s, ${((seconds / first.seconds) * 100).toFixed(1)} %`;
  return [
    { name: 'ingest, quality, publish', value: share(ingest) },
    { name: 'training set', value: share(trainingSet) },
    { name: 'training and evaluation', value: share(training) },
    {
      name: 'orchestration, synthesis included',
      value: share(rest),
      goal: '<= 5 %',
      met: rest / first.seconds <= 0.05,
    },
    {
      name: 'run on 3M rows without training',
      value: `${withoutTraining.toFixed(1)} s`,
      goal: '<= 20 s',
      met: withoutTraining <= 20,
    },
    { name: 'unchanged rerun', value: `${again.seconds.toFixed(1)} s`, goal: '<= 5 s', met: again.seconds <= 5 },
  ];
}
