import type { Receipt } from '../lib/contracts/ledger.ts';
import { WHOLE_RUN } from '../lib/runs/receipt-lines.ts';
import { formatUsd, usd } from '../lib/units/usd.ts';
import { renderTable } from './table.ts';

/**
 * What each state could have cost and was billed, and both totals; undefined for receipts without that. Transitions
 * and functions are not read from AWS but taken at their most.
 */
export function renderReceiptTable({ states, boundUsd, billedUsd, definitionDigest }: Receipt): string | undefined {
  if (states === undefined) return undefined;
  const rows = states.map(({ state, ...amounts }) => [
    state === WHOLE_RUN ? 'everything else, at its most' : state,
    amounts.boundUsd === null ? 'not known' : formatUsd(usd(amounts.boundUsd)),
    formatUsd(usd(amounts.billedUsd)),
  ]);
  const total = ['the run', formatUsd(usd(boundUsd)), formatUsd(usd(billedUsd))];
  const table = renderTable([['cost on AWS', 'bound', 'billed'], ...rows, total], ['left', 'right', 'right']);
  return definitionDigest === undefined
    ? table
    : `${table}\nthe bound is that of definition ${definitionDigest.slice(0, 12)}`;
}
