import { UserError } from '../lib/errors/user-error.ts';
import { formatUsd, usd } from '../lib/units/usd.ts';
import { type RunReport, readRunReport } from '../local/run-report.ts';
import { listRuns, type RunRecord, readRun, type StateVisit } from '../local/runs.ts';
import { defineCommand, type Terminal } from './command.ts';
import { EXIT } from './exit-code.ts';
import { renderReceiptTable } from './receipt-table.ts';
import { renderRunSummary } from './run-summary.ts';
import { formatSeconds, renderTable } from './table.ts';

export const runsCommand = defineCommand({
  name: 'runs',
  summary: 'list the runs of this project; runs show ID tells one of them',
  positionals: '[show ID]',
  options: { json: { kind: 'flag', summary: 'as JSON' } },
  details: 'A run is an execution of the state machine: a slot and an attempt, 2001-07-01T08-00-00Z-0.',
  run: async ({ options, positionals, directory, terminal }) => {
    const [verb, execution, ...others] = positionals;
    if (verb === undefined) await list(directory, terminal, options);
    else if (verb === 'show' && execution !== undefined && others.length === 0) {
      await show(await readRunReport(directory, await readRun(directory, execution)), {
        directory,
        terminal,
        ...options,
      });
    } else {
      throw new UserError({
        code: 'usage',
        message: `runs does not take ${positionals.map((word) => JSON.stringify(word)).join(' ')}`,
        resolution: 'write hundredfold runs, or hundredfold runs show ID',
      });
    }
    return EXIT.yes;
  },
});

async function list(directory: string, terminal: Terminal, { json }: { readonly json: boolean }): Promise<void> {
  const reports = await Promise.all((await listRuns(directory)).map((run) => readRunReport(directory, run)));
  if (json) {
    terminal.write(`${JSON.stringify({ version: 1, runs: reports.map(listEntry) }, undefined, 2)}\n`);
    return;
  }
  if (reports.length === 0) {
    terminal.write('no runs yet\nnext: npx hundredfold run\n');
    return;
  }
  const rows = reports
    .map(listEntry)
    .map(({ execution, engine, outcome, seconds, model, boundUsd, billedUsd }) => [
      execution,
      engine,
      outcome,
      seconds === null ? '' : formatSeconds(seconds),
      model === null ? '' : String(model),
      boundUsd === null ? '' : formatUsd(usd(boundUsd)),
      billedUsd === null ? '' : formatUsd(usd(billedUsd)),
    ]);
  const heading = ['run', 'engine', 'outcome', 'time', 'model', 'bound', 'receipt'];
  const table = renderTable([heading, ...rows], ['left', 'left', 'left', 'right', 'right', 'right', 'right']);
  terminal.write(`${table}\n\nnext: npx hundredfold runs show ${reports[0]?.run.execution ?? 'ID'}\n`);
}

/** A run in a list: amounts are exact decimals in USD, null where the run did not come so far. */
function listEntry({ run, model, receipt }: RunReport) {
  return {
    execution: run.execution,
    slot: run.slot,
    attempt: run.attempt,
    engine: run.engine,
    status: run.status,
    outcome: outcomeOf(run),
    seconds: run.stopTime === null ? null : secondsBetween(run.startTime, run.stopTime),
    model: model?.body.number ?? null,
    boundUsd: receipt?.boundUsd ?? null,
    billedUsd: receipt?.billedUsd ?? null,
  };
}

function outcomeOf({ status, output }: RunRecord): string {
  const outcome: unknown = Object(output).outcome;
  return status === 'SUCCEEDED' && typeof outcome === 'string' ? outcome : status.toLowerCase();
}

interface ShowOptions {
  readonly directory: string;
  readonly terminal: Terminal;
  readonly json: boolean;
}

async function show(report: RunReport, { directory, terminal, json }: ShowOptions): Promise<void> {
  if (json) {
    terminal.write(`${JSON.stringify(report, undefined, 2)}\n`);
    return;
  }
  const { run } = report;
  const states = run.states.filter(({ type }) => type === 'Task' || type === 'Map');
  const rows = states.map((visit) => [
    nameOf(visit),
    visit.status,
    durationOf(visit),
    (visit.reason ?? visit.error ?? '').split('\n')[0] ?? '',
  ]);
  terminal.write(`${renderTable([['state', 'status', 'time', 'why'], ...rows], ['left', 'left', 'right', 'left'])}\n`);
  const receipt = report.receipt === null ? undefined : renderReceiptTable(report.receipt);
  if (receipt !== undefined) terminal.write(`\n${receipt}\n`);
  terminal.write(`\n${renderRunSummary(report, directory)}`);
}

const nameOf = ({ state, path }: StateVisit): string => (path.length === 0 ? state : `  ${state} ${path.join('.')}`);

function durationOf({ enteredTime, exitedTime }: StateVisit): string {
  return exitedTime === null ? '' : formatSeconds(secondsBetween(enteredTime, exitedTime));
}

const secondsBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1_000;
