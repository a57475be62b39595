import type { Ledger } from '../contracts/ledger.ts';
import { executionName, parseExecutionName } from '../contracts/run-input.ts';
import type { ExecutionContext } from '../contracts/state-payload.ts';
import { UserError } from '../errors/user-error.ts';

/**
 * An execution is named by its slot and attempt: that is what makes a duplicate start a no-op.
 * @throws UserError `misnamed-execution`
 */
export function checkExecutionName({ slot, attempt, execution }: ExecutionContext): void {
  const expected = executionName(slot, attempt);
  if (execution === expected) return;
  throw new UserError({
    code: 'misnamed-execution',
    message: `execution == ${execution}, must be ${expected} for slot ${slot}, attempt ${attempt}`,
    resolution: 'start runs with hundredfold run or by the schedule, which name executions by slot and attempt',
  });
}

/** Executions that hold a reservation, beside this one: they run, or ended without having been settled. */
export const otherOpenExecutions = (ledger: Ledger, execution: string) =>
  ledger.reservations.filter((reservation) => reservation.state === 'reserved' && reservation.execution !== execution);

/** Why a run is refused while another execution of its slot is alive; undefined where none is. */
export function refusalForSlot(slot: string, running: readonly string[]): string | undefined {
  const other = running.find((execution) => parseExecutionName(execution)?.slot === slot);
  return other === undefined ? undefined : `execution ${other} of the same slot is still running`;
}
