import type { Ledger, Reservation } from '../contracts/ledger.ts';
import { addUsd, formatUsd, maxUsd, subtractUsd, type Usd, usd, usdToDecimal } from '../units/usd.ts';

/** The UTC month in which an execution started: `2026-11`. `startTime` is ISO 8601 UTC. */
export const executionMonth = (startTime: string): string => new Date(Date.parse(startTime)).toISOString().slice(0, 7);

/** The month before a UTC month: the executions of its last hours may still be open. */
export function previousMonth(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 2)).toISOString().slice(0, 7);
}

/** A month in which nothing was reserved yet. */
export const openLedger = (pipeline: string, month: string, budget: Usd): Ledger => ({
  version: 1,
  pipeline,
  month,
  budgetUsd: usdToDecimal(budget),
  reservations: [],
});

/** What a reservation takes from its month: its bound until it is settled, then what was billed. */
export const claimOf = ({ state, boundUsd, billedUsd }: Reservation): Usd =>
  usd(state === 'settled' && billedUsd !== null ? billedUsd : boundUsd);

/** What is left of the month; below zero where the budget was lowered after money was promised. */
export const remainingUsd = (ledger: Ledger): Usd =>
  subtractUsd(usd(ledger.budgetUsd), addUsd(...ledger.reservations.map(claimOf)));

export const findReservation = (ledger: Ledger, execution: string): Reservation | undefined =>
  ledger.reservations.find((reservation) => reservation.execution === execution);

/** A run's wish: its proven bound, against its own budget and against the month's. */
export interface ReservationRequest {
  readonly execution: string;
  readonly executionArn: string;
  /** ISO 8601 UTC. */
  readonly startTime: string;
  readonly bound: Usd;
  /** SHA-256 of the templates from which the bound was computed. */
  readonly definitionDigest: string;
  readonly runBudget: Usd;
  readonly monthBudget: Usd;
}

export type ReservationOutcome =
  | { readonly kind: 'reserved'; readonly ledger: Ledger; readonly remaining: Usd }
  /** The execution holds its reservation already: nothing is to be written. */
  | { readonly kind: 'held'; readonly bound: Usd; readonly remaining: Usd }
  | { readonly kind: 'refused'; readonly reason: string };

/** Reserves the bound once per execution, or refuses with the reason. The budget of the moment counts. */
export function reserve(ledger: Ledger, request: ReservationRequest): ReservationOutcome {
  const { execution, executionArn, startTime, bound, definitionDigest, runBudget, monthBudget } = request;
  const current: Ledger = { ...ledger, budgetUsd: usdToDecimal(monthBudget) };
  const remaining = remainingUsd(current);
  const held = findReservation(ledger, execution);
  if (held?.state === 'settled') return refused(`execution ${execution} has been settled already`);
  if (held !== undefined) return { kind: 'held', bound: usd(held.boundUsd), remaining };
  if (bound > runBudget) return refused(`a run could cost ${formatUsd(bound)}, its budget is ${formatUsd(runBudget)}`);
  if (bound > remaining) {
    const left = `${formatUsd(maxUsd(remaining))} of ${formatUsd(monthBudget)}`;
    return refused(`a run could cost ${formatUsd(bound)}, of the budget of ${ledger.month} remain ${left}`);
  }
  const reservation: Reservation = {
    execution,
    executionArn,
    startTime,
    boundUsd: usdToDecimal(bound),
    definitionDigest,
    state: 'reserved',
    billedUsd: null,
  };
  return {
    kind: 'reserved',
    ledger: { ...current, reservations: [...current.reservations, reservation] },
    remaining: subtractUsd(remaining, bound),
  };
}

const refused = (reason: string): ReservationOutcome => ({ kind: 'refused', reason });

/**
 * Releases what was reserved and not billed. The same ledger where the execution holds no reservation or is settled
 * at this amount already.
 */
export function settleReservation(ledger: Ledger, execution: string, billed: Usd): Ledger {
  const billedUsd = usdToDecimal(billed);
  const isOpen = (reservation: Reservation): boolean =>
    reservation.execution === execution && (reservation.state !== 'settled' || reservation.billedUsd !== billedUsd);
  if (!ledger.reservations.some(isOpen)) return ledger;
  return {
    ...ledger,
    reservations: ledger.reservations.map((reservation) =>
      isOpen(reservation) ? { ...reservation, state: 'settled', billedUsd } : reservation,
    ),
  };
}

/** Corrects what a settled reservation was billed; releases nothing. The same ledger where it is not settled. */
export function reviseReservation(ledger: Ledger, execution: string, billed: Usd): Ledger {
  return findReservation(ledger, execution)?.state === 'settled'
    ? settleReservation(ledger, execution, billed)
    : ledger;
}

/**
 * Takes back a release: a job of the execution was found that is not terminal. The same ledger where the reservation
 * is held anyway.
 */
export function holdReservation(ledger: Ledger, execution: string): Ledger {
  if (findReservation(ledger, execution)?.state !== 'settled') return ledger;
  return {
    ...ledger,
    reservations: ledger.reservations.map((reservation) =>
      reservation.execution === execution ? { ...reservation, state: 'reserved', billedUsd: null } : reservation,
    ),
  };
}

/** The latest time at which the execution of a reservation can have started, in milliseconds since 1970. */
export function startedBefore(month: string, { startTime }: Reservation): number {
  if (startTime !== undefined) return Date.parse(startTime);
  const [year = 0, number = 0] = month.split('-').map(Number);
  return Date.UTC(year, number);
}
