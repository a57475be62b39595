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

interface Definitions {
  /** Digest with which the execution's state machine was rendered. */
  readonly executed: string;
  /** Digest of what the bound was computed from. */
  readonly bounded: string;
}

/**
 * An execution may only spend what was bounded: between the two halves of a deployment it may not begin.
 * @throws UserError `definition-mismatch`
 */
export function checkDefinition({ executed, bounded }: Definitions): void {
  if (executed === bounded) return;
  throw new UserError({
    code: 'definition-mismatch',
    message: `the execution is of definition ${executed.slice(0, 12)}, the bound is that of ${bounded.slice(0, 12)}`,
    resolution: 'finish the deployment (cdk deploy --all), then start the slot again',
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
