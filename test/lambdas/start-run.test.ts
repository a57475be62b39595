import {
  ExecutionAlreadyExists,
  SFNClient,
  StartExecutionCommand,
  StateMachineDoesNotExist,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handler } from '../../lambdas/start-run/handler.ts';

const stepFunctions = mockClient(SFNClient);
const REVISION = { commit: 'a'.repeat(40), clean: true };

beforeEach(() => {
  process.env['STATE_MACHINE_ARN'] = 'arn:machine';
  process.env['SOURCE_REVISION'] = JSON.stringify(REVISION);
});
afterEach(() => stepFunctions.reset());

describe('a tick of the schedule', () => {
  it('starts attempt 0 of its slot, named by both', async () => {
    stepFunctions.on(StartExecutionCommand).resolves({});

    expect(await handler({ scheduledTime: '2001-07-01T08:00:00Z' })).toEqual({
      execution: '2001-07-01T08-00-00Z-0',
      outcome: 'started',
    });
    const { name, stateMachineArn, input } = stepFunctions.commandCalls(StartExecutionCommand)[0]?.args[0].input ?? {};
    expect({ name, stateMachineArn }).toEqual({ name: '2001-07-01T08-00-00Z-0', stateMachineArn: 'arn:machine' });
    expect(JSON.parse(input ?? '')).toEqual({
      version: 1,
      slot: '2001-07-01T08:00:00Z',
      attempt: 0,
      engine: 'spark',
      revision: REVISION,
    });
  });

  it('is a no-op when it is delivered again, also after its run has ended', async () => {
    stepFunctions.on(StartExecutionCommand).rejects(new ExecutionAlreadyExists({ $metadata: {}, message: 'exists' }));

    expect(await handler({ scheduledTime: '2001-07-01T08:00:00Z' })).toMatchObject({ outcome: 'exists' });
  });

  it('fails with what Step Functions says, so that the delivery is tried again', async () => {
    stepFunctions.on(StartExecutionCommand).rejects(new StateMachineDoesNotExist({ $metadata: {}, message: 'gone' }));

    await expect(handler({ scheduledTime: '2001-07-01T08:00:00Z' })).rejects.toMatchObject({
      name: 'StateMachineDoesNotExist',
    });
  });

  it.each([['<aws.scheduler.scheduled-time>'], ['2001-07-01'], [undefined]])(
    'refuses %s as a time',
    async (scheduledTime) => {
      await expect(handler({ scheduledTime })).rejects.toMatchObject({ name: 'InvalidInput' });
    },
  );
});
