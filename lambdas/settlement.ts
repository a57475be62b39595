import type { Ledger, Receipt, Reservation } from '../lib/contracts/ledger.ts';
import { receiptKey } from '../lib/contracts/object-keys.ts';
import { readOrThrow } from '../lib/contracts/reader.ts';
import type { RunProgram } from '../lib/contracts/run-program.ts';
import type { ObjectLocation, SettleRunOutput } from '../lib/contracts/state-payload.ts';
import { type PriceBook, readPriceBook } from '../lib/cost/price-book.ts';
import { assumedUse, assumedUseOfRefusal } from '../lib/runs/assumed-use.ts';
import { receiptReader, stateBoundsReader } from '../lib/runs/documents.ts';
import { isRunning, isSageMakerJob, type JobRecord } from '../lib/runs/job-record.ts';
import { findReservation, holdReservation, reviseReservation, settleReservation } from '../lib/runs/month-ledger.ts';
import { type ReservedBound, writeReceipt } from '../lib/runs/receipt.ts';
import { usd } from '../lib/units/usd.ts';
import { LOST, untilWon } from './contention.ts';
import type { EnvironmentOf } from './environment.ts';
import { findGlueRuns, stopGlueRuns } from './glue-runs.ts';
import { changeLedger, findLedger, type LedgerPlace } from './month-ledger.ts';
import { createDocument, findDocument, readDocument, replaceDocument } from './object-store.ts';
import { locationOf } from './run-program.ts';
import { findSageMakerJobs, stopSageMakerJobs } from './sagemaker-jobs.ts';

/** What settling any run of the pipeline needs. */
export interface SettlementContext {
  readonly environment: EnvironmentOf<'settle-run'>;
  readonly program: RunProgram;
  readonly book: PriceBook;
  /** Milliseconds since 1970; it may lag, which delays a release. */
  readonly now: number;
}

export interface RunToSettle {
  readonly execution: string;
  /** UTC month in which the execution started. */
  readonly month: string;
  /** The time from which a listing has every job of the run, in milliseconds since 1970. */
  readonly listedFrom: number;
}

export async function loadPriceBook(uri: string): Promise<PriceBook> {
  return (await readDocument(readPriceBook, locationOf(uri))).value;
}

/**
 * Bills an execution that has ended or is at its end: finds every try of its jobs, stops what still runs, writes the
 * receipt, and releases what was reserved and not billed once every job is terminal and no other can appear. Any
 * number of times, in any order.
 */
export async function settle(context: SettlementContext, run: RunToSettle): Promise<SettleRunOutput> {
  const { environment, program } = context;
  const place = { bucket: environment.bucket, pipeline: program.pipeline, month: run.month };
  const jobs = await findJobs(context, run.execution);
  await stopJobs(environment, jobs.filter(isRunning));
  const ledger = await findLedger(place);
  const reservation = ledger === undefined ? undefined : findReservation(ledger, run.execution);
  const location = { bucket: environment.bucket, key: receiptKey(program.pipeline, run.execution) };
  const receipt = await publishReceipt(location, (earlier) =>
    receiptOf(context, { execution: run.execution, reservation, jobs, earlier }),
  );
  const { boundUsd, billedUsd, complete } = receipt;
  const isListed = context.now >= run.listedFrom;
  await changeReservation(place, (held) => {
    if (!complete) return holdReservation(held, run.execution);
    return (isListed ? settleReservation : reviseReservation)(held, run.execution, usd(billedUsd));
  });
  const released = complete && (isListed || reservation?.state !== 'reserved');
  return { receipt: location, boundUsd, billedUsd, complete, released };
}

async function findJobs({ environment, program }: SettlementContext, execution: string): Promise<readonly JobRecord[]> {
  const found = await Promise.all([
    findGlueRuns('ingest', environment.ingestJob, execution),
    findGlueRuns('training-set', environment.trainingSetJob, execution),
    findGlueRuns('audit', environment.auditJob, execution),
    findSageMakerJobs(program.pipeline, execution),
  ]);
  return found.flat();
}

async function stopJobs(environment: EnvironmentOf<'settle-run'>, jobs: readonly JobRecord[]): Promise<void> {
  const idsOf = (kind: JobRecord['kind']): readonly string[] =>
    jobs.filter((job) => job.kind === kind).map((job) => job.id);
  await Promise.all([
    stopGlueRuns(environment.ingestJob, idsOf('ingest')),
    stopGlueRuns(environment.trainingSetJob, idsOf('training-set')),
    stopGlueRuns(environment.auditJob, idsOf('audit')),
    stopSageMakerJobs(jobs.filter(isSageMakerJob)),
  ]);
}

interface Look {
  readonly execution: string;
  readonly reservation: Reservation | undefined;
  readonly jobs: readonly JobRecord[];
  readonly earlier: Receipt | null;
}

function receiptOf({ environment, program, book }: SettlementContext, look: Look): Receipt {
  const { execution, reservation, jobs, earlier } = look;
  return writeReceipt(
    {
      execution,
      reserved: reservation === undefined ? null : reservedBound(environment, reservation),
      jobs,
      earlier,
      assumed: assumedUse(program),
      assumedOfRefusal: assumedUseOfRefusal(),
    },
    book,
  );
}

/** The parts of the bound are known where it is the bound of this deployment. */
function reservedBound(
  { definitionDigest, stateBounds }: EnvironmentOf<'settle-run'>,
  reservation: Reservation,
): ReservedBound {
  const isOwn = reservation.definitionDigest === definitionDigest;
  return {
    bound: usd(reservation.boundUsd),
    definitionDigest: reservation.definitionDigest ?? null,
    states: isOwn ? readOrThrow(stateBoundsReader, JSON.parse(stateBounds), 'STATE_BOUNDS') : null,
  };
}

/** The receipt that lies there afterwards: it knows what the one before it knew. */
function publishReceipt(
  location: ObjectLocation,
  computeAfter: (earlier: Receipt | null) => Receipt,
): Promise<Receipt> {
  return untilWon(location.key, async () => {
    const stored = await findDocument(receiptReader, location);
    const computed = computeAfter(stored?.value ?? null);
    if (stored === undefined) return (await createDocument(location, computed)) === 'created' ? computed : LOST;
    if (JSON.stringify(stored.value) === JSON.stringify(computed)) return computed;
    return (await replaceDocument(location, computed, stored.etag)) === 'replaced' ? computed : LOST;
  });
}

/** Writes what becomes of the month's ledger; nothing where it stays the same, or nothing was ever reserved. */
function changeReservation(place: LedgerPlace, decide: (ledger: Ledger) => Ledger): Promise<void> {
  return changeLedger(place, async (ledger) => {
    const changed = ledger === undefined ? undefined : decide(ledger);
    return changed === undefined || changed === ledger ? { result: undefined } : { ledger: changed, result: undefined };
  });
}
