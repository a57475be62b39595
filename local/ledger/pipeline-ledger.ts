import type { Ledger, Reservation } from '../../lib/contracts/ledger.ts';
import type { ExecutionView } from '../../lib/runs/execution-end.ts';
import type { FunctionOutcome } from '../functions/lambda-functions.ts';
import type { EndedExecution } from '../rules.ts';

/** The ledger of a pipeline, here or on AWS, and what can be asked and done about what it holds. */
export interface PipelineLedger {
  readonly pipeline: string;
  /** Where it lies, for people: a folder or an S3 prefix. */
  readonly place: string;
  /** Every month's, oldest first. */
  readonly listLedgers: () => Promise<readonly Ledger[]>;
  /** Null where Step Functions does not know the execution. */
  readonly describeExecution: (reservation: Reservation) => Promise<ExecutionView | null>;
  /** Gives the functions that settle runs the event of an execution's end; how they ended. */
  readonly deliverEnd: (execution: EndedExecution) => Promise<readonly FunctionOutcome[]>;
}
