import type { SettleRunOutput } from '../../lib/contracts/state-payload.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import { executionMonth } from '../../lib/runs/month-ledger.ts';
import { type SettlementRequest, settlementReader } from '../../lib/runs/payloads.ts';
import { environmentOf } from '../environment.ts';
import { lambdaHandler } from '../lambda-handler.ts';
import { loadRunProgram } from '../run-program.ts';
import { loadPriceBook, settle } from '../settlement.ts';

/**
 * Bills a run: the last task of every path, and the target of the rule on execution status changes.
 * @throws UserError `not-released`: an ended execution of which a job goes on or may yet appear. Lambda repeats the
 * rule's invocation a minute and three minutes later, which a job that was asked to stop has two minutes for.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html (2026-11-20).
 */
async function settleRun({ execution, startTime, listedFrom, hasEnded }: SettlementRequest): Promise<SettleRunOutput> {
  const now = Date.now();
  const environment = environmentOf('settle-run');
  const [program, book] = await Promise.all([loadRunProgram(environment), loadPriceBook(environment.priceBook)]);
  const output = await settle(
    { environment, program, book, now },
    { execution, month: executionMonth(startTime), listedFrom },
  );
  if (hasEnded && !output.released) throw notReleased(execution, { ...output, listedFrom });
  return output;
}

function notReleased(
  execution: string,
  { complete, listedFrom }: Pick<SettleRunOutput, 'complete'> & Pick<SettlementRequest, 'listedFrom'>,
): UserError {
  const reason = complete
    ? `a job of it may appear until ${new Date(listedFrom).toISOString()}`
    : 'a job of it is not terminal';
  return new UserError({
    code: 'not-released',
    message: `the reservation of ${execution} is held: ${reason}`,
    resolution: 'it is settled again, by the next admission at the latest; or use hundredfold ledger repair',
  });
}

export const handler = lambdaHandler(settlementReader, settleRun);
