import { DescribeExecutionCommand, ExecutionDoesNotExist, SFNClient } from '@aws-sdk/client-sfn';
import { must } from '../lib/errors/fault.ts';
import type { ExecutionView } from '../lib/runs/execution-end.ts';
import { defaultProvider } from './environment-credentials.ts';

const stepFunctions = new SFNClient({ credentials: defaultProvider() });

/** What Step Functions tells of an execution; null where it does not know it. */
export async function describeExecution(executionArn: string): Promise<ExecutionView | null> {
  try {
    const { status, stopDate } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    return { status: must(status, `the status of ${executionArn}`), stopTime: stopDate?.getTime() ?? null };
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return null;
    throw error;
  }
}
