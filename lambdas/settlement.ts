import type { Receipt } from '../lib/contracts/ledger.ts';
import { receiptKey } from '../lib/contracts/object-keys.ts';
import type { RunProgram } from '../lib/contracts/run-program.ts';
import type { SettleRunOutput } from '../lib/contracts/state-payload.ts';
import { type PriceBook, readPriceBook } from '../lib/cost/price-book.ts';
import { assumedUse, assumedUseOfRefusal } from '../lib/runs/assumed-use.ts';
import { receiptReader } from '../lib/runs/documents.ts';
import { isRunning, isSageMakerJob, type JobRecord } from '../lib/runs/job-record.ts';
import { findReservation, settleReservation } from '../lib/runs/month-ledger.ts';
import { writeReceipt } from '../lib/runs/receipt.ts';
import { usd } from '../lib/units/usd.ts';
import { LOST, untilWon } from './contention.ts';
import type { EnvironmentOf } from './environment.ts';
import { findGlueRuns, stopGlueRuns } from './glue-runs.ts';
import { changeLedger, findLedger } from './month-ledger.ts';
import { createDocument, findDocument, readDocument, replaceDocument } from './object-store.ts';
import { locationOf } from './run-program.ts';
import { findSageMakerJobs, stopSageMakerJobs } from './sagemaker-jobs.ts';

/** What settling any run of the pipeline needs. */
export interface SettlementContext {
  readonly environment: EnvironmentOf<'settle-run'>;
  readonly program: RunProgram;
  readonly book: PriceBook;
}

export async function loadPriceBook(uri: string): Promise<PriceBook> {
  return (await readDocument(readPriceBook, locationOf(uri))).value;
}

/**
 * Bills an execution that has ended or is at its end: finds every try of its jobs, stops what still runs, writes the
 * receipt, and releases what was reserved and not billed once every job is terminal. Any number of times, in any order.
 */
export async function settle(
  context: SettlementContext,
  run: { readonly execution: string; readonly month: string },
): Promise<SettleRunOutput> {
  const { environment, program, book } = context;
  const place = { bucket: environment.bucket, pipeline: program.pipeline, month: run.month };
  const jobs = await findJobs(context, run.execution);
  await stopJobs(environment, jobs.filter(isRunning));
  const ledger = await findLedger(place);
  const reservation = ledger === undefined ? undefined : findReservation(ledger, run.execution);
  const wasRefused = reservation === undefined && jobs.length === 0;
  const computed = writeReceipt(
    {
      execution: run.execution,
      bound: reservation === undefined ? null : usd(reservation.boundUsd),
      jobs,
      assumed: wasRefused ? assumedUseOfRefusal() : assumedUse(program, jobs.length),
    },
    book,
  );
  const location = { bucket: environment.bucket, key: receiptKey(program.pipeline, run.execution) };
  const receipt = await publishReceipt(location, computed);
  if (receipt.complete) await release(place, receipt);
  const { boundUsd, billedUsd, complete } = receipt;
  return { receipt: location, boundUsd, billedUsd, complete };
}

async function findJobs({ environment, program }: SettlementContext, execution: string): Promise<readonly JobRecord[]> {
  const found = await Promise.all([
    findGlueRuns('ingest', environment.ingestJob, execution),
    findGlueRuns('training-set', environment.trainingSetJob, execution),
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
    stopSageMakerJobs(jobs.filter(isSageMakerJob)),
  ]);
}

/** The receipt that lies there afterwards: a complete one is never replaced by one that saw less. */
function publishReceipt(location: { readonly bucket: string; readonly key: string }, computed: Receipt) {
  return untilWon(location.key, async () => {
    const stored = await findDocument(receiptReader, location);
    if (stored === undefined) return (await createDocument(location, computed)) === 'created' ? computed : LOST;
    if (isSettledBetter(stored.value, computed)) return stored.value;
    return (await replaceDocument(location, computed, stored.etag)) === 'replaced' ? computed : LOST;
  });
}

const isSettledBetter = (stored: Receipt, computed: Receipt): boolean =>
  (stored.complete && !computed.complete) || JSON.stringify(stored) === JSON.stringify(computed);

function release(place: Parameters<typeof findLedger>[0], { execution, billedUsd }: Receipt): Promise<void> {
  return changeLedger(place, async (ledger) => {
    if (ledger === undefined) return { result: undefined };
    const settled = settleReservation(ledger, execution, usd(billedUsd));
    return settled === ledger ? { result: undefined } : { ledger: settled, result: undefined };
  });
}
