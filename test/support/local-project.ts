import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Engine } from '../../lib/contracts/run-input.ts';
import type { CommandEnd } from '../../local/command.ts';
import type { RunMessage } from '../../local/host.ts';
import type { SlotRequest } from '../../local/requested-slots.ts';
import { type RunOutcome, runPipeline } from '../../local/run.ts';
import { listFolder } from '../../local/state/json-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const BUCKET = 'parcels-data-000000000000-us-east-1';

const PIPELINE = `
import {
  between, byTime, choice, complete, count, cron, csv, day, days, exceedsBaseRate, featureView, fromLabel, hours,
  integer, label, mean, minutes, noWorseThanChampion, pipeline, quarantined, rounds, rowCount, source, text, timestamp,
  uniform, usd, xgboost,
} from '${REPOSITORY}/lib/definition/index.ts';

const parcels = source('parcels', {
  format: csv({ header: true }),
  columns: { sent: timestamp(), delay: integer(), weight: integer(), depot: text() },
  eventTime: 'sent',
  knownTime: ({ sent, delay }) => sent.plus(minutes(delay.plus(30))).notBefore(sent),
  partition: day('sent'),
  rows: [complete('sent', 'delay', 'depot'), between('delay', 0, 600)],
  checks: [rowCount({ min: 50 }), quarantined({ max: 0.2 })],
});

export default pipeline('parcels', {
  label: label(parcels, { at: ({ sent }) => sent.minus(hours(1)), is: ({ delay }) => delay.atLeast(30) }),
  features: [
    featureView('depot_delays', parcels, {
      entity: ['depot'],
      windows: [hours(6), days(2)],
      aggregates: { parcels: count(), mean_delay: mean('delay') },
    }),
    fromLabel(parcels, { weight: 'weight' }),
  ],
  history: days(30),
  split: byTime({ train: 0.6, validation: 0.2, test: 0.2 }),
  train: xgboost({
    objective: 'binary:logistic', rounds: 20, trials: 2,
    search: { max_depth: choice(2, 3), eta: uniform(0.1, 0.3) },
    instance: 'ml.m5.xlarge', maxRuntime: minutes(30), spot: { maxWait: hours(1), segment: rounds(10) },
  }),
  gates: [exceedsBaseRate('pr_auc', 0.05), noWorseThanChampion('pr_auc')],
  schedule: cron('0 4 * * *', { zone: 'UTC' }),
  glue: { workers: 2, timeout: minutes(30) },
  evaluate: { instance: 'ml.m5.xlarge', maxRuntime: minutes(30) },
  triesPerJob: 2,
  bounds: { run: usd(6), month: usd(200) },
  region: 'us-east-1',
});
`;

export interface LocalRun {
  readonly outcome: RunOutcome;
  readonly messages: readonly RunMessage[];
  /** Kinds of jobs that were started, in order. */
  readonly jobs: readonly string[];
}

export interface RunRequest {
  readonly slots?: SlotRequest;
  readonly engine?: Engine;
  readonly signal?: AbortSignal;
  readonly onMessage?: (message: RunMessage) => void;
}

/** A small project in a fresh folder: a pipeline over parcels, whose delays depend on their depot. */
export class LocalProject {
  readonly folder: string;
  readonly raw: string;
  readonly lake: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.lake = join(folder, '.hundredfold/s3', BUCKET);
    this.raw = join(this.lake, 'raw/parcels');
  }

  static async create(): Promise<LocalProject> {
    const project = new LocalProject(await temporaryFolder());
    const configuration = { app: `node ${REPOSITORY}/bin/app.ts`, context: { pipeline: 'pipeline.ts' } };
    await writeFile(join(project.folder, 'cdk.json'), JSON.stringify(configuration));
    await writeFile(join(project.folder, 'pipeline.ts'), PIPELINE);
    return project;
  }

  async editDefinition(edit: (text: string) => string): Promise<void> {
    await writeFile(join(this.folder, 'pipeline.ts'), edit(PIPELINE));
  }

  /** Lands days of January 2001, first and last inclusive. */
  async land(first: number, last: number): Promise<void> {
    for (let day = first; day <= last; day += 1) await this.landText(day, parcelsOf(day));
  }

  async landText(day: number, text: string | Buffer): Promise<void> {
    const folder = join(this.raw, dayName(day));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'parcels.csv'), text);
  }

  async run({ slots = { kind: 'newest' }, engine = 'duckdb', signal, onMessage }: RunRequest = {}): Promise<LocalRun> {
    const messages: RunMessage[] = [];
    const notify = (message: RunMessage): void => {
      messages.push(message);
      onMessage?.(message);
    };
    const outcome = await runPipeline(
      {
        directory: this.folder,
        slots,
        engine,
        cores: 2,
        signal: signal ?? new AbortController().signal,
        now: () => Date.now(),
      },
      { notify },
    );
    const jobs = messages.flatMap((message) => (message.kind === 'job-started' ? [kindOf(message.job)] : []));
    return { outcome, messages, jobs };
  }

  /** The command line in a process of its own; `onStart` is given the process. */
  async command(args: readonly string[], onStart?: (child: ChildProcess) => void): Promise<CommandEnd> {
    const child = spawn(process.execPath, [join(REPOSITORY, 'bin/hundredfold.mjs'), ...args], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onStart?.(child);
    const ended = new Promise<number | null>((done) => child.once('close', done));
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { exitCode: await ended, output, errors };
  }

  /** Numbers of the processes that jobs run in. */
  async processes(): Promise<readonly number[]> {
    return (await listFolder(join(this.folder, '.hundredfold/processes'))).map(Number);
  }

  /** Runs in a process of its own and kills it, without warning, at the first message that is wanted. */
  async runAndKill(isWanted: (message: RunMessage) => boolean): Promise<void> {
    const script = join(import.meta.dirname, 'run-project.ts');
    const child = spawn(process.execPath, [script, this.folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((done) => child.once('exit', done));
    let rest = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      if (lines.some((line) => isWanted(JSON.parse(line)))) child.kill('SIGKILL');
    }
    await ended;
  }
}

const dayName = (day: number): string => `2001-01-${String(day).padStart(2, '0')}`;

const HEADER = 'sent,delay,weight,depot';

/** A hundred parcels of a day; a depot is late on its own days, so that the past tells something of the future. */
export function parcelsOf(day: number): string {
  const rows = Array.from({ length: 100 }, (_, index) => {
    const depot = index % 7;
    const chance = (index * 7919 + day * 104_729 + depot * 31) % 100;
    const isLate = chance < 10 + depot * 12;
    const time = new Date(Date.UTC(2001, 0, day, 0, index * 14)).toISOString().slice(0, 19);
    return `${time}+00:00,${isLate ? 30 + (chance % 40) : chance % 30},${(index * 13) % 50},D${depot}`;
  });
  return `${[HEADER, ...rows].join('\n')}\n`;
}

function kindOf(job: string): string {
  if (job.includes('-eval-')) return 'evaluation';
  return /-t\d+-[0-9a-f]{8}$/.test(job) ? 'trial' : job.replace('parcels-', '');
}
