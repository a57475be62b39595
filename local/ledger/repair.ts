import type { Ledger, Reservation } from '../../lib/contracts/ledger.ts';
import { type ExecutionProof, type ExecutionView, proveEnd } from '../../lib/runs/execution-end.ts';
import { findReservation, startedBefore } from '../../lib/runs/month-ledger.ts';
import type { EndedExecution } from '../rules.ts';
import type { PipelineLedger } from './pipeline-ledger.ts';

/** What became of a reservation that was open, or what would. */
export interface RepairedReservation {
  readonly month: string;
  readonly execution: string;
  readonly boundUsd: string;
  /**
   * `kept`: its execution is not proven to have ended; `would-settle`: it has, and nothing was done; `held`: it has,
   * but a job goes on or may yet appear, or the settlement failed.
   */
  readonly outcome: 'kept' | 'would-settle' | 'settled' | 'held';
  readonly reason: string;
  /** What it was billed; null unless settled. */
  readonly billedUsd: string | null;
}

export interface RepairOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** `look` changes nothing. */
  readonly mode: 'look' | 'settle';
}

/**
 * Settles every open reservation of an execution that is proven to have ended, as the rule on execution status changes
 * would: its jobs are stopped and billed, and what is still being spent is held.
 */
export async function repairLedger(
  ledger: PipelineLedger,
  options: RepairOptions,
): Promise<readonly RepairedReservation[]> {
  const repaired: RepairedReservation[] = [];
  for (const month of await ledger.listLedgers()) {
    for (const reservation of month.reservations.filter(({ state }) => state === 'reserved')) {
      repaired.push(await repairReservation(ledger, { month, reservation }, options));
    }
  }
  return repaired;
}

interface OpenReservation {
  readonly month: Ledger;
  readonly reservation: Reservation;
}

async function repairReservation(
  ledger: PipelineLedger,
  open: OpenReservation,
  { now, mode }: RepairOptions,
): Promise<RepairedReservation> {
  const { month, reservation } = open;
  const { execution, boundUsd } = reservation;
  const about = { month: month.month, execution, boundUsd, billedUsd: null };
  const view = await ledger.describeExecution(reservation);
  const proof = proveEnd(view, { startedBefore: startedBefore(month.month, reservation), now });
  if (proof.kind !== 'ended') return { ...about, outcome: 'kept', reason: proof.reason };
  const ending = describeEnding(view, proof);
  if (mode === 'look') return { ...about, outcome: 'would-settle', reason: ending };
  const failures = await settle(ledger, open, { view, proof });
  const after = (await ledger.listLedgers()).find((later) => later.month === month.month) ?? month;
  const { state, billedUsd = null } = findReservation(after, execution) ?? reservation;
  if (state === 'settled') return { ...about, outcome: 'settled', reason: ending, billedUsd };
  return { ...about, outcome: 'held', reason: failures[0] ?? 'nothing settles it: the app has no rule on ended runs' };
}

interface Ending {
  readonly view: ExecutionView | null;
  readonly proof: Extract<ExecutionProof, { readonly kind: 'ended' }>;
}

function describeEnding(view: ExecutionView | null, proof: Ending['proof']): string {
  if (view === null) return `it started before ${timeOf(proof.listedFrom)}, and its history is gone`;
  return `it ended ${view.status}${view.stopTime === null ? '' : ` at ${timeOf(view.stopTime)}`}`;
}

/** Tells of the end; returns what the functions that failed said. */
async function settle(
  ledger: PipelineLedger,
  { month, reservation }: OpenReservation,
  { view, proof }: Ending,
): Promise<readonly string[]> {
  const ended: EndedExecution = {
    execution: reservation.execution,
    arn: reservation.executionArn,
    status: view?.status ?? 'ABORTED',
    startTime: reservation.startTime ?? `${month.month}-01T00:00:00.000Z`,
    stopTime: timeOf(view?.stopTime ?? proof.listedFrom),
    input: null,
    output: null,
  };
  const outcomes = await ledger.deliverEnd(ended);
  return outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.error.errorMessage]));
}

const timeOf = (milliseconds: number): string => new Date(milliseconds).toISOString();
