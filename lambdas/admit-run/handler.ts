import type { Ledger, Reservation } from '../../lib/contracts/ledger.ts';
import type { AdmitRunInput, AdmitRunOutput } from '../../lib/contracts/state-payload.ts';
import { checkExecutionName, otherOpenExecutions, refusalForSlot } from '../../lib/runs/admission.ts';
import { executionMonth, openLedger, previousMonth, reserve } from '../../lib/runs/month-ledger.ts';
import { executionContextReader } from '../../lib/runs/payloads.ts';
import { usd, usdToDecimal } from '../../lib/units/usd.ts';
import { type EnvironmentOf, environmentOf } from '../environment.ts';
import { isExecutionRunning } from '../executions.ts';
import { lambdaHandler } from '../lambda-handler.ts';
import { changeLedger, findLedger, type LedgerChange } from '../month-ledger.ts';
import { loadRunProgram } from '../run-program.ts';
import { loadPriceBook, type SettlementContext, settle } from '../settlement.ts';

interface Admission extends SettlementContext {
  readonly environment: EnvironmentOf<'admit-run'>;
  readonly run: AdmitRunInput;
}

/** Reserves the run's bound against the month in which its execution started, or refuses with the reason. */
async function admitRun(run: AdmitRunInput): Promise<AdmitRunOutput> {
  checkExecutionName(run);
  const environment = environmentOf('admit-run');
  const [program, book] = await Promise.all([loadRunProgram(environment), loadPriceBook(environment.priceBook)]);
  const admission: Admission = { environment, program, book, run };
  const month = executionMonth(run.startTime);
  const running = [...(await closeEnded(admission, previousMonth(month))), ...(await closeEnded(admission, month))];
  const place = { bucket: environment.bucket, pipeline: program.pipeline, month };
  return changeLedger(place, (ledger) => decide(admission, ledger, new Set(running)));
}

/** Settles what ended executions still hold of a month; returns the names of those that run. */
async function closeEnded(admission: Admission, month: string): Promise<readonly string[]> {
  const { environment, program, run } = admission;
  const ledger = await findLedger({ bucket: environment.bucket, pipeline: program.pipeline, month });
  const running: string[] = [];
  for (const { execution, executionArn } of ledger === undefined ? [] : otherOpenExecutions(ledger, run.execution)) {
    if (await isExecutionRunning(executionArn)) running.push(execution);
    else await settle(admission, { execution, month });
  }
  return running;
}

async function decide(
  { environment, program, run }: Admission,
  stored: Ledger | undefined,
  running: ReadonlySet<string>,
): Promise<LedgerChange<AdmitRunOutput>> {
  const monthBudget = usd(program.monthBudgetUsd);
  const ledger = stored ?? openLedger(program.pipeline, executionMonth(run.startTime), monthBudget);
  const refusal = refusalForSlot(run.slot, await runningOf(otherOpenExecutions(ledger, run.execution), running));
  const outcome = reserve(ledger, {
    execution: run.execution,
    executionArn: run.executionArn,
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

/** The executions that run, looking again only at those that came since. */
async function runningOf(open: readonly Reservation[], running: ReadonlySet<string>): Promise<readonly string[]> {
  const names: string[] = [...running];
  for (const { execution, executionArn } of open) {
    if (!running.has(execution) && (await isExecutionRunning(executionArn))) names.push(execution);
  }
  return names;
}

const admitted = ({ bound, remaining }: { bound: ReturnType<typeof usd>; remaining: ReturnType<typeof usd> }) =>
  ({ admitted: true, boundUsd: usdToDecimal(bound), remainingUsd: usdToDecimal(remaining) }) as const;

export const handler = lambdaHandler(executionContextReader, admitRun);
