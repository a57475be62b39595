import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { readOrThrow } from '../../lib/contracts/reader.ts';
import { executionName, type RunInput } from '../../lib/contracts/run-input.ts';
import type { StartRunInput } from '../../lib/contracts/state-payload.ts';
import { startRunReader } from '../../lib/runs/payloads.ts';
import { revisionReader } from '../../lib/runs/registry-documents.ts';
import { environmentOf } from '../environment.ts';
import { defaultProvider } from '../environment-credentials.ts';
import { lambdaHandler } from '../lambda-handler.ts';

const stepFunctions = new SFNClient({ credentials: defaultProvider() });

/** What became of a tick of the schedule. */
interface StartRunOutput {
  readonly execution: string;
  /** `exists`: the tick was delivered before, and its run goes on or has ended. */
  readonly outcome: 'started' | 'exists';
}

/**
 * Starts attempt 0 of the slot. A tick may be delivered more than once; the second start is the same execution while
 * it runs, and refused by its name once it has ended: both are a success.
 */
async function startRun({ scheduledTime }: StartRunInput): Promise<StartRunOutput> {
  const { stateMachine, revision } = environmentOf('start-run');
  const input: RunInput = {
    version: 1,
    slot: scheduledTime,
    attempt: 0,
    engine: 'spark',
    revision: readOrThrow(revisionReader, JSON.parse(revision), 'SOURCE_REVISION'),
  };
  const execution = executionName(scheduledTime, 0);
  try {
    await stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn: stateMachine, name: execution, input: JSON.stringify(input) }),
    );
    return { execution, outcome: 'started' };
  } catch (error) {
    if (error instanceof ExecutionAlreadyExists) return { execution, outcome: 'exists' };
    throw error;
  }
}

export const handler = lambdaHandler(startRunReader, startRun);
