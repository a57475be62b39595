import { ENGINES, type Engine } from '../lib/contracts/run-input.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { isWithinBound } from '../lib/runs/receipt.ts';
import type { SlotRequest } from '../local/requested-slots.ts';
import { runPipeline } from '../local/run.ts';
import { type RunReport, readRunReport } from '../local/run-report.ts';
import { defineCommand, type Terminal } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { LiveView } from './live-view.ts';
import { renderRunSummary } from './run-summary.ts';
import { formatCount } from './table.ts';

const OPTIONS = {
  slot: {
    kind: 'value',
    value: 'TIME',
    summary: 'the slot to run, a tick of the schedule in UTC: 2001-07-01T08:00:00Z',
  },
  from: { kind: 'value', value: 'TIME', summary: 'backfill: every tick from here …' },
  to: { kind: 'value', value: 'TIME', summary: '… to here, both inclusive' },
  engine: {
    kind: 'value',
    value: 'NAME',
    summary: 'duckdb (default) or spark, as on Glue; needs Java 17',
    allowed: ENGINES,
  },
  json: { kind: 'flag', summary: 'the report of every run as JSON on stdout' },
} as const;

export const runCommand = defineCommand({
  name: 'run',
  summary: 'run the synthesized state machine here, for a slot or a range of slots',
  positionals: '',
  options: OPTIONS,
  details: [
    'Without a slot it runs the first tick of the schedule after the newest landing unit. The state machine, the',
    'handlers and the job scripts are those that `cdk deploy` deploys; files lie under .hundredfold/.',
    'A run that was killed is finished by the same command; what is published is not computed again.',
  ].join('\n'),
  run: async ({ options, positionals, directory, terminal }) => {
    const [extra] = positionals;
    if (extra !== undefined) throw usage(`run takes no ${JSON.stringify(extra)}`, 'see hundredfold run --help');
    const { from, to, slot, json } = options;
    const request = { directory, slots: slotRequest({ from, to, slot }), engine: engineOf(options.engine) };
    const { reports, notRun } = await runAndReport(request, terminal);
    if (json) terminal.write(`${JSON.stringify({ version: 1, runs: reports, notRun }, undefined, 2)}\n`);
    else terminal.write(`${reports.map((report) => renderRunSummary(report, directory)).join('\n')}${leftOut(notRun)}`);
    return exitCodeOf(reports);
  },
});

interface RunRequest {
  readonly directory: string;
  readonly slots: SlotRequest;
  readonly engine: Engine;
}

interface Reported {
  readonly reports: readonly RunReport[];
  readonly notRun: readonly string[];
}

async function runAndReport(request: RunRequest, terminal: Terminal): Promise<Reported> {
  const stop = new AbortController();
  const view = new LiveView(terminal, Date.now);
  const interrupt = (): void => {
    view.tell('stopping: the run and its jobs are being ended');
    stop.abort();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const { runs, notRun } = await runPipeline({ ...request, signal: stop.signal, now: Date.now }, view);
    const reports = await Promise.all(runs.map((run) => readRunReport(request.directory, run)));
    return { reports, notRun };
  } finally {
    view.close();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

/** What a backfill left out, which ends with the first run that registers no model. */
function leftOut(slots: readonly string[]): string {
  const [first] = slots;
  if (first === undefined) return '';
  const last = slots.length === 1 ? '' : ` to ${slots.at(-1)} (${formatCount(slots.length)} slots)`;
  return `\nnot run: ${first}${last}, for the run above registered no model\n`;
}

/** Yes only where every run registered a model; a receipt above its bound is our fault whatever the run did. */
function exitCodeOf(reports: readonly RunReport[]): ExitCode {
  if (reports.some(({ receipt }) => receipt !== null && !isWithinBound(receipt))) return EXIT.fault;
  const registered = reports.every(
    ({ run }) => run.status === 'SUCCEEDED' && Object(run.output).outcome === 'registered',
  );
  return registered ? EXIT.yes : EXIT.no;
}

const engineOf = (name: string | undefined): Engine => ENGINES.find((engine) => engine === name) ?? 'duckdb';

interface SlotOptions {
  readonly slot: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

function slotRequest({ slot, from, to }: SlotOptions): SlotRequest {
  if (slot !== undefined && (from !== undefined || to !== undefined)) {
    throw usage(
      '--slot and --from, --to name different runs',
      'give --slot for one run, or --from and --to for a backfill',
    );
  }
  if (slot !== undefined) return { kind: 'slot', slot };
  if (from === undefined && to === undefined) return { kind: 'newest' };
  if (from === undefined || to === undefined) throw usage('a backfill needs both ends', 'give --from and --to');
  return { kind: 'range', from, to };
}

const usage = (message: string, resolution: string): UserError => new UserError({ code: 'usage', message, resolution });
