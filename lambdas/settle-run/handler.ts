import type { SettleRunInput, SettleRunOutput } from '../../lib/contracts/state-payload.ts';
import { executionMonth } from '../../lib/runs/month-ledger.ts';
import { settleRunReader } from '../../lib/runs/payloads.ts';
import { environmentOf } from '../environment.ts';
import { lambdaHandler } from '../lambda-handler.ts';
import { loadRunProgram } from '../run-program.ts';
import { loadPriceBook, settle } from '../settlement.ts';

/** Bills a run: the last state of every path, and the target of the rule on execution status changes. */
async function settleRun({ execution, startTime }: SettleRunInput): Promise<SettleRunOutput> {
  const environment = environmentOf('settle-run');
  const [program, book] = await Promise.all([loadRunProgram(environment), loadPriceBook(environment.priceBook)]);
  return settle({ environment, program, book }, { execution, month: executionMonth(startTime) });
}

export const handler = lambdaHandler(settleRunReader, settleRun);
