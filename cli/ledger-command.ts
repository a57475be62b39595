import { join, resolve } from 'node:path';
import { UserError } from '../lib/errors/user-error.ts';
import { summarizeLedger } from '../lib/runs/ledger-summary.ts';
import { formatUsd, usd, usdToDecimal } from '../lib/units/usd.ts';
import { withAwsLedger } from '../local/ledger/aws-ledger.ts';
import { readLocalLedger, withLocalLedger } from '../local/ledger/local-ledger.ts';
import type { PipelineLedger } from '../local/ledger/pipeline-ledger.ts';
import { type RepairedReservation, type RepairOptions, repairLedger } from '../local/ledger/repair.ts';
import { defineCommand, type Terminal } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { renderFields, renderTable } from './table.ts';

const OPTIONS = {
  aws: { kind: 'flag', summary: 'the ledger of the deployed pipeline; default: that of the runs on this machine' },
  app: { kind: 'value', value: 'DIR', summary: 'with --aws: the cloud assembly that was deployed; default: cdk.out' },
  yes: { kind: 'flag', summary: 'repair: settle what can be settled; without it nothing is changed' },
  json: { kind: 'flag', summary: 'as JSON' },
} as const;

export const ledgerCommand = defineCommand({
  name: 'ledger',
  summary: "show a pipeline's ledger of months; ledger repair settles what ended runs still hold",
  positionals: '[show | repair]',
  options: OPTIONS,
  details: [
    'A run holds its bound of its month until it is settled. ledger repair finds what is held, and settles a run that',
    'is proven to have ended as the deployed rule would: its jobs are stopped and billed. What is still being spent,',
    'or may be, stays held. Exit code 3: something is still held.',
    'With --aws you need the permissions of the function settle-run, and states:ListStateMachines.',
    'Where guardrails keep people from the ledger, the next run settles what is held.',
    '',
    'example: hundredfold ledger repair --aws --yes',
  ].join('\n'),
  run: async ({ options, positionals, directory, terminal }) => {
    const [verb = 'show', ...others] = positionals;
    if (others.length > 0 || (verb !== 'show' && verb !== 'repair')) throw usage(positionals);
    const place: Place = { directory, assembly: assemblyOf(options, directory) };
    if (verb === 'repair') return repair(place, terminal, options);
    await withLedger(place, 'look', (ledger) => show(ledger, terminal, options));
    return EXIT.yes;
  },
});

const usage = (positionals: readonly string[]): UserError =>
  new UserError({
    code: 'usage',
    message: `ledger does not take ${positionals.map((word) => JSON.stringify(word)).join(' ')}`,
    resolution: 'write hundredfold ledger, or hundredfold ledger repair',
  });

interface Place {
  readonly directory: string;
  /** Folder of the assembly that was deployed; null: the runs on this machine. */
  readonly assembly: string | null;
}

function assemblyOf({ aws, app }: { readonly aws: boolean; readonly app: string | undefined }, directory: string) {
  if (aws) return app === undefined ? join(directory, 'cdk.out') : resolve(directory, app);
  if (app === undefined) return null;
  throw new UserError({
    code: 'usage',
    message: '--app names an assembly that was deployed',
    resolution: 'give --aws with it, or neither of them',
  });
}

function withLedger<Result>(
  { directory, assembly }: Place,
  mode: RepairOptions['mode'],
  use: (ledger: PipelineLedger) => Promise<Result>,
): Promise<Result> {
  if (assembly !== null) return withAwsLedger(assembly, use);
  return mode === 'look' ? readLocalLedger(directory).then(use) : withLocalLedger(directory, Date.now, use);
}

interface Format {
  readonly json: boolean;
}

async function show(ledger: PipelineLedger, terminal: Terminal, { json }: Format): Promise<void> {
  const { pipeline, place } = ledger;
  const months = (await ledger.listLedgers()).map((month) => ({ ...month, summary: summarizeLedger(month) }));
  if (json) {
    const ledgers = months.map(({ summary, version: _, pipeline: __, ...month }) => ({
      ...month,
      heldUsd: usdToDecimal(summary.held),
      billedUsd: usdToDecimal(summary.billed),
      remainingUsd: usdToDecimal(summary.remaining),
    }));
    terminal.write(`${JSON.stringify({ version: 1, pipeline, place, ledgers }, undefined, 2)}\n`);
    return;
  }
  if (months.length === 0) terminal.write(`nothing was reserved yet in ${place}\nnext: npx hundredfold run\n`);
  for (const { month, summary, reservations } of months) {
    const { budget, held, billed, remaining } = summary;
    const amounts = `${formatUsd(budget)} budget: ${formatUsd(billed)} billed, ${formatUsd(held)} held, ${formatUsd(remaining)} left`;
    const rows = reservations.map(({ execution, state, boundUsd, billedUsd }) => [
      execution,
      state,
      formatUsd(usd(boundUsd)),
      billedUsd === null ? '' : formatUsd(usd(billedUsd)),
    ]);
    const table = renderTable([['run', 'state', 'bound', 'billed'], ...rows], ['left', 'left', 'right', 'right']);
    terminal.write(`${pipeline}, ${month} (UTC)\n${renderFields([['month', amounts]])}\n\n${table}\n\n`);
  }
  if (months.length > 0) terminal.write('next: npx hundredfold ledger repair\n');
}

async function repair(place: Place, terminal: Terminal, { yes, json }: Format & { readonly yes: boolean }) {
  const mode = yes ? 'settle' : 'look';
  return withLedger(place, mode, async (ledger): Promise<ExitCode> => {
    const reservations = await repairLedger(ledger, { now: Date.now(), mode });
    const { pipeline, place: where } = ledger;
    if (json)
      terminal.write(`${JSON.stringify({ version: 1, pipeline, place: where, mode, reservations }, undefined, 2)}\n`);
    else terminal.write(renderRepair(where, reservations));
    return reservations.every(({ outcome }) => outcome === 'settled') ? EXIT.yes : EXIT.no;
  });
}

function renderRepair(place: string, reservations: readonly RepairedReservation[]): string {
  if (reservations.length === 0) return `nothing is held in ${place}\n`;
  const rows = reservations.map(({ month, execution, boundUsd, billedUsd, outcome, reason }) => [
    month,
    execution,
    formatUsd(usd(boundUsd)),
    billedUsd === null ? '' : formatUsd(usd(billedUsd)),
    outcome.replace('-', ' '),
    reason,
  ]);
  const heading = ['month', 'run', 'bound', 'billed', 'outcome', 'why'];
  const table = renderTable([heading, ...rows], ['left', 'left', 'right', 'right', 'left', 'left']);
  const isUndone = reservations.some(({ outcome }) => outcome === 'would-settle');
  return `${table}\n${isUndone ? '\nnothing was changed; next: the same command with --yes\n' : ''}`;
}
