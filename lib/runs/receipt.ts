import type { Receipt, ReceiptLine, StateReceipt } from '../contracts/ledger.ts';
import type { PriceBook } from '../cost/price-book.ts';
import { addUsd, subtractUsd, type Usd, usd, usdToDecimal } from '../units/usd.ts';
import { isTerminal, type JobRecord } from './job-record.ts';
import { type AssumedUse, assumedLines, JOB_STATES, jobLines, WHOLE_RUN } from './receipt-lines.ts';

/** What was promised to a run when it was admitted. */
export interface ReservedBound {
  readonly bound: Usd;
  /** SHA-256 of the templates from which the bound was computed; null where it was not recorded. */
  readonly definitionDigest: string | null;
  /** The parts of it that fall to the states that start jobs; null where they are not known. */
  readonly states: Readonly<Record<string, string>> | null;
}

export interface BilledRun {
  readonly execution: string;
  /** Null where the run was refused: nothing was reserved for it, and nothing but the assumed part could be spent. */
  readonly reserved: ReservedBound | null;
  /** The jobs that a look found. */
  readonly jobs: readonly JobRecord[];
  /** The receipt of earlier looks. */
  readonly earlier: Receipt | null;
  /** Orchestration at its most. */
  readonly assumed: AssumedUse;
  /** The same where the run was refused and no job was ever seen. */
  readonly assumedOfRefusal: AssumedUse;
}

/**
 * What a run was billed, line by line: its jobs by the seconds that AWS reports, orchestration at its most. A job that
 * is not terminal has a line of what it used so far, and makes the receipt incomplete. A job that was seen once stays,
 * whatever a later look misses: looks may come in any order.
 * @throws UserError `missing-price`
 */
export function writeReceipt(run: BilledRun, book: PriceBook): Receipt {
  const { execution, reserved, jobs, earlier } = run;
  const known = knownJobs(earlier, jobs, book);
  const wasRefused = reserved === null && known.length === 0;
  const overhead = assumedLines(wasRefused ? run.assumedOfRefusal : run.assumed, book);
  const lines = [...known.flatMap((job) => job.lines), ...overhead];
  const bound = reserved?.bound ?? total(overhead);
  const open = known.filter(({ isOpen }) => isOpen).map(({ id }) => id);
  return {
    version: 1,
    execution,
    ...(reserved?.definitionDigest == null ? {} : { definitionDigest: reserved.definitionDigest }),
    boundUsd: usdToDecimal(bound),
    billedUsd: usdToDecimal(total(lines)),
    states: stateReceipts(lines, bound, reserved === null ? {} : reserved.states),
    lines,
    complete: open.length === 0,
    open,
    assumed: ['transitions', 'lambda'],
  };
}

/** Whether the receipt is at most its bound, exactly. A bound is proven, so that one that is exceeded is our fault. */
export const isWithinBound = ({ billedUsd, boundUsd }: Receipt): boolean => usd(billedUsd) <= usd(boundUsd);

const total = (lines: readonly ReceiptLine[]): Usd => addUsd(...lines.map((line) => usd(line.usd)));

/** A job as a receipt knows it. */
interface KnownJob {
  readonly id: string;
  readonly lines: readonly ReceiptLine[];
  /** Whether it may be billed more: it was not terminal when it was last seen. */
  readonly isOpen: boolean;
}

/** Every job that was ever seen, by what is known of it last; what is terminal stays so. */
function knownJobs(earlier: Receipt | null, jobs: readonly JobRecord[], book: PriceBook): readonly KnownJob[] {
  const known = new Map(jobsOf(earlier).map((job) => [job.id, job]));
  for (const job of jobs) {
    const seen: KnownJob = { id: job.id, lines: jobLines(job, book), isOpen: !isTerminal(job) };
    const before = known.get(seen.id);
    if (before === undefined || before.isOpen || !seen.isOpen) known.set(seen.id, seen);
  }
  return [...known.values()].toSorted(byStateAndId);
}

function jobsOf(receipt: Receipt | null): readonly KnownJob[] {
  if (receipt === null) return [];
  const ids = [...new Set(receipt.lines.flatMap(({ job }) => (job === null ? [] : [job])))];
  return ids.map((id) => ({
    id,
    lines: receipt.lines.filter(({ job }) => job === id),
    isOpen: receipt.open?.includes(id) ?? !receipt.complete,
  }));
}

function byStateAndId(a: KnownJob, b: KnownJob): number {
  const order = ({ id, lines }: KnownJob): string => `${JOB_STATES.indexOf(lines[0]?.state ?? '')} ${id}`;
  return order(a) < order(b) ? -1 : 1;
}

/** Bound and billed of each state that starts jobs, and of the rest of the run; both columns add up to the receipt's. */
function stateReceipts(
  lines: readonly ReceiptLine[],
  bound: Usd,
  parts: Readonly<Record<string, string>> | null,
): readonly StateReceipt[] {
  const names = JOB_STATES.filter((name) => parts?.[name] !== undefined || lines.some(({ state }) => state === name));
  const partOf = (name: string): Usd => usd(parts?.[name] ?? '0');
  const rest = subtractUsd(bound, addUsd(...names.map(partOf)));
  return [...names, WHOLE_RUN].map((name) => ({
    state: name,
    boundUsd: parts === null ? null : usdToDecimal(name === WHOLE_RUN ? rest : partOf(name)),
    billedUsd: usdToDecimal(total(lines.filter(({ state }) => state === name))),
  }));
}
