import { describe, expect, it } from 'vitest';
import { replay } from '../../support/execution-replay.ts';
import { machineOf, pass } from '../../support/state-machines.ts';

const choiceOf = (choice: object) =>
  machineOf({
    Pick: { Type: 'Choice', ...choice },
    Low: pass(),
    High: pass({ Output: ['high', '{% $states.input %}'] }),
  });

describe('a Choice state', () => {
  const graded = choiceOf({
    Choices: [
      { Condition: '{% $states.input > 10 %}', Next: 'High', Output: 'by rule' },
      { Condition: '{% $states.input > 5 %}', Next: 'High' },
    ],
    Default: 'Low',
    Output: 'by default',
  });

  it.each([
    [11, ['high', 'by rule']],
    [6, ['high', 6]],
    [1, 'by default'],
  ])('takes the first rule that holds: %j gives %j', async (input, output) => {
    expect((await replay(graded, { input })).execution.output).toEqual(output);
  });

  it('assigns by rule or by default', async () => {
    const definition = (value: boolean) =>
      machineOf({
        Pick: {
          Type: 'Choice',
          Choices: [{ Condition: value, Next: 'Show', Assign: { by: 'rule' } }],
          Default: 'Show',
          Assign: { by: 'default' },
        },
        Show: pass({ Output: '{% $by %}' }),
      });

    expect((await replay(definition(true))).execution.output).toBe('rule');
    expect((await replay(definition(false))).execution.output).toBe('default');
  });

  it('fails where no rule holds and there is no default', async () => {
    const definition = choiceOf({
      Choices: [
        { Condition: false, Next: 'Low' },
        { Condition: false, Next: 'High' },
      ],
    });

    expect((await replay(definition)).execution).toMatchObject({
      status: 'FAILED',
      failure: { error: 'States.NoChoiceMatched' },
    });
  });

  it('fails on a condition that is not true or false', async () => {
    const definition = choiceOf({ Choices: [{ Condition: '{% 1 %}', Next: 'High' }], Default: 'Low' });

    expect((await replay(definition)).execution.failure).toEqual({
      error: 'States.QueryEvaluationError',
      cause:
        "An error occurred while executing the state 'Pick' (entered at the event id #2). The JSONata expression '1' specified for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'number' for value: 1",
    });
  });
});

describe('a Wait state', () => {
  it.each([
    [{ Seconds: '{% $states.input.seconds %}' }, 90],
    [{ Timestamp: '2026-11-20T04:01:00+00:00' }, 60],
    [{ Timestamp: '2001-01-01T00:00:00Z' }, 0],
  ])('waits as %j says: %i seconds', async (fields, seconds) => {
    const definition = machineOf({ Rest: { Type: 'Wait', End: true, ...fields } });

    const { execution, effects } = await replay(definition, { input: { seconds: 90 } });

    expect(effects).toContainEqual(expect.objectContaining({ kind: 'wait', seconds, reason: 'wait' }));
    expect(execution.output).toEqual({ seconds: 90 });
  });

  it.each(['2001-13-01T00:00:00Z', '2001-02-30T00:00:00Z', '2001-01-01T24:00:00Z', '2001-01-01T00:00:00'])(
    'fails on a timestamp that names no moment: %s',
    async (Timestamp) => {
      const { execution } = await replay(machineOf({ Rest: { Type: 'Wait', End: true, Timestamp } }));

      expect(execution.failure?.error).toBe('States.QueryEvaluationError');
    },
  );
});

describe('Succeed and Fail states', () => {
  it('end the execution with an output', async () => {
    const definition = machineOf({ Done: { Type: 'Succeed', Output: { got: '{% $states.input %}' } } });

    expect((await replay(definition, { input: 1 })).execution).toMatchObject({
      status: 'SUCCEEDED',
      output: { got: 1 },
    });
  });

  it('end the execution with an error and a cause that may be expressions', async () => {
    const definition = machineOf({
      Set: pass({ Assign: { failure: { error: 'E' } }, Next: 'Broken' }),
      Broken: { Type: 'Fail', Error: '{% $failure.error %}', Cause: "{% 'because of ' & $states.input %}" },
    });

    expect((await replay(definition, { input: 'rain' })).execution).toMatchObject({
      status: 'FAILED',
      failure: { error: 'E', cause: 'because of rain' },
    });
  });

  it('fail otherwise where the error is no text', async () => {
    const { execution } = await replay(machineOf({ Broken: { Type: 'Fail', Error: '{% 1 %}' } }));

    expect(execution.failure?.error).toBe('States.QueryEvaluationError');
  });
});

describe('the context object', () => {
  it('tells execution, state machine and state', async () => {
    const { execution } = await replay(machineOf({ Show: pass({ Output: '{% $states.context %}' }) }), {
      input: { a: 1 },
    });

    expect(execution.output).toEqual({
      Execution: {
        Id: 'arn:aws:states:us-east-1:000000000000:execution:machine:run',
        Input: { a: 1 },
        Name: 'run',
        RoleArn: 'arn:aws:iam::000000000000:role/machine',
        StartTime: '2026-11-20T04:00:00.000Z',
        RedriveCount: 0,
      },
      StateMachine: { Id: 'arn:aws:states:us-east-1:000000000000:stateMachine:machine', Name: 'machine' },
      State: { Name: 'Show', EnteredTime: '2026-11-20T04:00:00.000Z', RetryCount: 0 },
    });
  });
});
