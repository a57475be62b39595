import { DescribeExecutionCommand, ExecutionDoesNotExist, SFNClient } from '@aws-sdk/client-sfn';
import { defaultProvider } from './environment-credentials.ts';

const stepFunctions = new SFNClient({ credentials: defaultProvider() });

/** Whether an execution still goes on; one whose history was removed has ended long ago. */
export async function isExecutionRunning(executionArn: string): Promise<boolean> {
  try {
    const { status } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'RUNNING' || status === 'PENDING_REDRIVE';
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return false;
    throw error;
  }
}
