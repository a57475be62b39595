import type { Ledger } from '../contracts/ledger.ts';
import { addUsd, type Usd, usd } from '../units/usd.ts';
import { claimOf, remainingUsd } from './month-ledger.ts';

/** What became of a month's budget; `held + billed + remaining` is the budget. */
export interface LedgerSummary {
  readonly budget: Usd;
  /** Bounds of executions that are not settled. */
  readonly held: Usd;
  readonly billed: Usd;
  /** Below zero where the budget was lowered after money was promised. */
  readonly remaining: Usd;
}

export function summarizeLedger(ledger: Ledger): LedgerSummary {
  const claims = (state: Ledger['reservations'][number]['state']): Usd =>
    addUsd(...ledger.reservations.filter((reservation) => reservation.state === state).map(claimOf));
  return {
    budget: usd(ledger.budgetUsd),
    held: claims('reserved'),
    billed: claims('settled'),
    remaining: remainingUsd(ledger),
  };
}
