import type { Ledger, Reservation } from '../../lib/contracts/ledger.ts';
import type { AdmitRunInput, AdmitRunOutput } from '../../lib/contracts/state-payload.ts';
import { checkDefinition, checkExecutionName, otherOpenExecutions, refusalForSlot } from '../../lib/runs/admission.ts';
import { type ExecutionProof, proveEnd } from '../../lib/runs/execution-end.ts';
import { executionMonth, openLedger, previousMonth, reserve, startedBefore } from '../../lib/runs/month-ledger.ts';
import { admitRunReader } from '../../lib/runs/payloads.ts';
import { usd, usdToDecimal } from '../../lib/units/usd.ts';
import { type EnvironmentOf, environmentOf } from '../environment.ts';
import { describeExecution } from '../executions.ts';
import { lambdaHandler } from '../lambda-handler.ts';
import { changeLedger, findLedger, type LedgerChange } from '../month-ledger.ts';
import { loadRunProgram } from '../run-program.ts';
import { loadPriceBook, type RunToSettle, type SettlementContext, settle } from '../settlement.ts';

interface Admission extends SettlementContext {
  readonly environment: EnvironmentOf<'admit-run'>;
  readonly run: AdmitRunInput;
}

/**
 * Reserves the run's bound against the month in which its execution started, or refuses with the reason. What the
 * execution runs must be what was bounded.
 */
async function admitRun(run: AdmitRunInput): Promise<AdmitRunOutput> {
  checkExecutionName(run);
  const environment = environmentOf('admit-run');
  checkDefinition({ executed: run.definitionDigest, bounded: environment.definitionDigest });
  const [program, book] = await Promise.all([loadRunProgram(environment), loadPriceBook(environment.priceBook)]);
  const admission: Admission = { environment, program, book, run, now: Date.parse(run.startTime) };
  const month = executionMonth(run.startTime);
  const before = await closeEnded(admission, previousMonth(month));
  const current = await closeEnded(admission, month);
  const place = { bucket: environment.bucket, pipeline: program.pipeline, month };
  const running = new Set([...before.running, ...current.running]);
  const output = await changeLedger(place, (ledger) => decide(admission, ledger, running));
  const unsettled = [...before.unsettled, ...current.unsettled];
  return unsettled.length === 0 ? output : { ...output, unsettled };
}

/** What holds a month's budget beside the run. */
interface OpenExecutions {
  /** Names of executions that may be running. */
  readonly running: readonly string[];
  /** Executions that ended and could not be settled, each with the reason. */
  readonly unsettled: readonly string[];
}

/** Settles what ended executions still hold of a month. */
async function closeEnded(admission: Admission, month: string): Promise<OpenExecutions> {
  const { environment, program, run } = admission;
  const ledger = await findLedger({ bucket: environment.bucket, pipeline: program.pipeline, month });
  const running: string[] = [];
  const unsettled: string[] = [];
  for (const reservation of ledger === undefined ? [] : otherOpenExecutions(ledger, run.execution)) {
    const { execution } = reservation;
    const proof = await lookAt(reservation, startedBefore(month, reservation), admission.now);
    if (proof.kind !== 'ended') running.push(execution);
    else unsettled.push(...(await trySettling(admission, { execution, month, listedFrom: proof.listedFrom })));
  }
  return { running, unsettled };
}

/** What cannot be settled stays held; it must not keep every later run from being admitted. Says what went wrong. */
async function trySettling(admission: Admission, run: RunToSettle): Promise<readonly string[]> {
  try {
    await settle(admission, run);
    return [];
  } catch (error) {
    return [`${run.execution} holds its bound, for it cannot be settled: ${String(error)}`];
  }
}

async function lookAt({ executionArn }: Reservation, latestStart: number, now: number): Promise<ExecutionProof> {
  return proveEnd(await describeExecution(executionArn), { startedBefore: latestStart, now });
}

async function decide(
  admission: Admission,
  stored: Ledger | undefined,
  running: ReadonlySet<string>,
): Promise<LedgerChange<AdmitRunOutput>> {
  const { environment, program, run } = admission;
  const monthBudget = usd(program.monthBudgetUsd);
  const ledger = stored ?? openLedger(program.pipeline, executionMonth(run.startTime), monthBudget);
  const refusal = refusalForSlot(run.slot, await runningOf(admission, ledger, running));
  const outcome = reserve(ledger, {
    execution: run.execution,
    executionArn: run.executionArn,
    startTime: run.startTime,
    bound: usd(environment.boundUsd),
    definitionDigest: environment.definitionDigest,
    runBudget: usd(program.runBudgetUsd),
    monthBudget,
  });
  if (outcome.kind === 'held') return { result: admitted(outcome) };
  if (refusal !== undefined) return { result: { admitted: false, reason: refusal } };
  if (outcome.kind === 'refused') return { result: { admitted: false, reason: outcome.reason } };
  return { ledger: outcome.ledger, result: admitted({ bound: usd(environment.boundUsd), ...outcome }) };
}

/** The executions that may be running, looking again only at those that came since. */
async function runningOf(
  { run, now }: Admission,
  ledger: Ledger,
  running: ReadonlySet<string>,
): Promise<readonly string[]> {
  const names: string[] = [...running];
  for (const reservation of otherOpenExecutions(ledger, run.execution)) {
    if (running.has(reservation.execution)) continue;
    const proof = await lookAt(reservation, startedBefore(ledger.month, reservation), now);
    if (proof.kind !== 'ended') names.push(reservation.execution);
  }
  return names;
}

const admitted = ({ bound, remaining }: { bound: ReturnType<typeof usd>; remaining: ReturnType<typeof usd> }) =>
  ({ admitted: true, boundUsd: usdToDecimal(bound), remainingUsd: usdToDecimal(remaining) }) as const;

export const handler = lambdaHandler(admitRunReader, admitRun);
