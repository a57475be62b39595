import { describe, expect, it } from 'vitest';
import { readStateMachine } from '../../../lib/asl/reader.ts';
import { machineOf, pass, task } from '../../support/state-machines.ts';

const problemsOf = (definition: unknown): readonly string[] =>
  readStateMachine(definition).diagnostics.map(({ code, at }) => `${code} ${at}`);

const wait = (fields: object) => ({ Type: 'Wait', End: true, ...fields });
const map = (fields: object) => ({
  Type: 'Map',
  ItemProcessor: { StartAt: 'Inner', States: { Inner: pass() } },
  End: true,
  ...fields,
});

describe('readStateMachine', () => {
  it('accepts every state type and returns the definition', () => {
    const definition = machineOf({
      Work: task({
        Arguments: { a: '{% $states.input.a %}' },
        TimeoutSeconds: 10,
        Retry: [
          {
            ErrorEquals: ['States.TaskFailed'],
            IntervalSeconds: 1,
            MaxAttempts: 0,
            BackoffRate: 1.5,
            MaxDelaySeconds: 9,
          },
          { ErrorEquals: ['States.ALL'], JitterStrategy: 'FULL' },
        ],
        Catch: [{ ErrorEquals: ['States.ALL'], Assign: { e: '{% $states.errorOutput %}' }, Next: 'Fork' }],
        Next: 'Pick',
      }),
      Pick: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'Items' }], Default: 'Rest' },
      Items: { ...map({ Items: '{% [1] %}', MaxConcurrency: 2 }), End: undefined, Next: 'Rest' },
      Rest: wait({ Seconds: 1 }),
      Fork: {
        Type: 'Parallel',
        Branches: [{ StartAt: 'Left', States: { Left: { Type: 'Succeed' } } }],
        Next: 'Broken',
      },
      Broken: { Type: 'Fail', Error: 'Broken', Cause: '{% $e.Cause %}' },
    });
    const written: unknown = JSON.parse(JSON.stringify(definition));

    expect(readStateMachine(written)).toEqual({ value: written, diagnostics: [] });
  });

  it('reports every problem at once', () => {
    const definition = machineOf({
      First: task({ InputPath: '$', HeartbeatSeconds: 5, Colour: 'red', TimeoutSeconds: 0, Output: '{% 1 + %}' }),
      Second: { Type: 'Activity' },
    });

    expect(problemsOf(definition)).toEqual([
      'json-path-field States.First.InputPath',
      'unsupported-field States.First.HeartbeatSeconds',
      'unknown-field States.First.Colour',
      'invalid-value States.First.TimeoutSeconds',
      'invalid-jsonata States.First.Output',
      'invalid-value States.Second.Type',
    ]);
  });

  it.each([
    ['a JSONPath machine', { StartAt: 'A', States: { A: task() } }, 'json-path States.A'],
    ['a JSONPath state', machineOf({ A: task({ QueryLanguage: 'JSONPath' }) }), 'json-path States.A'],
    ['Parameters', machineOf({ A: task({ Parameters: {} }) }), 'json-path-field States.A.Parameters'],
    ['a path argument', machineOf({ A: pass({ 'x.$': '$' }) }), 'json-path-field States.A.x.$'],
    [
      'a comparison rule',
      machineOf({ A: { Type: 'Choice', Choices: [{ Variable: '$.a', Next: 'A' }] } }),
      'json-path-field States.A.Choices[0].Variable',
    ],
    [
      'a task token',
      machineOf({ A: task({ Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken' }) }),
      'invalid-value States.A.Resource',
    ],
    [
      'an activity',
      machineOf({ A: task({ Resource: 'arn:aws:states:us-east-1:000000000000:activity:a' }) }),
      'invalid-value States.A.Resource',
    ],
    ['Credentials', machineOf({ A: task({ Credentials: {} }) }), 'unsupported-field States.A.Credentials'],
    [
      'a distributed Map',
      machineOf({
        A: map({ ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, StartAt: 'I', States: { I: pass() } } }),
      }),
      'invalid-value States.A.ItemProcessor.ProcessorConfig.Mode',
    ],
    [
      'tolerated failures',
      machineOf({ A: map({ ToleratedFailureCount: 1 }) }),
      'unsupported-field States.A.ToleratedFailureCount',
    ],
    [
      'a timeout of the machine',
      { ...machineOf({ A: pass() }), TimeoutSeconds: 5 },
      'unsupported-field TimeoutSeconds',
    ],
    [
      '$eval',
      machineOf({ A: pass({ Output: { a: ["{% $eval('1') %}"] } }) }),
      'unsupported-function States.A.Output.a.0',
    ],
    [
      '$eval handed on',
      machineOf({ A: pass({ Output: "{% $map(['1'], $eval) %}" }) }),
      'unsupported-function States.A.Output',
    ],
    [
      '$toMillis with a picture',
      machineOf({ A: pass({ Output: "{% $toMillis('5', '[M]') %}" }) }),
      'unsupported-function States.A.Output',
    ],
    ['half an expression', machineOf({ A: pass({ Output: '{% 1' }) }), 'half-marked-expression States.A.Output'],
    [
      'States.ALL beside others',
      machineOf({ A: task({ Retry: [{ ErrorEquals: ['States.ALL', 'E'] }] }) }),
      'invalid-value States.A.Retry[0].ErrorEquals',
    ],
    [
      'States.ALL before others',
      machineOf({ A: task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['E'] }] }) }),
      'invalid-value States.A.Retry[0].ErrorEquals',
    ],
    ['Next beside End', machineOf({ A: { ...pass(), Next: 'A' } }), 'exactly-one-field States.A'],
    ['neither Next nor End', machineOf({ A: { Type: 'Pass' } }), 'exactly-one-field States.A'],
    [
      'two kinds of wait',
      machineOf({ A: wait({ Seconds: 1, Timestamp: '{% $now() %}' }) }),
      'exactly-one-field States.A',
    ],
    [
      'a variable called states',
      machineOf({ A: pass({ Assign: { states: 1 } }) }),
      'invalid-value States.A.Assign.states',
    ],
    ['a missing resource', machineOf({ A: { Type: 'Task', End: true } }), 'missing-field States.A'],
    ['no states', { QueryLanguage: 'JSONata', StartAt: 'A', States: {} }, 'invalid-value States'],
    ['a list for a definition', [], 'invalid-value state machine'],
  ])('refuses %s by name', (_, definition, problem) => {
    expect(problemsOf(definition)).toContain(problem);
    expect(readStateMachine(definition).value).toBeUndefined();
  });

  it.each([
    ['a start that does not exist', { ...machineOf({ A: pass() }), StartAt: 'B' }, 'dangling-state StartAt'],
    ['a Next that does not exist', machineOf({ A: pass({ Next: 'B' }) }), 'dangling-state States.A.Next'],
    [
      'a Next into another scope',
      machineOf({ A: { ...map({}), End: undefined, Next: 'Inner' } }),
      'dangling-state States.A.Next',
    ],
    ['a state that nothing leads to', machineOf({ A: pass(), B: pass() }), 'unreachable-state States.B'],
    ['a circle without an end', machineOf({ A: pass({ Next: 'B' }), B: pass({ Next: 'A' }) }), 'no-end state machine'],
    [
      'a name used twice',
      machineOf({ A: map({ ItemProcessor: { StartAt: 'A', States: { A: pass() } } }) }),
      'duplicate-state States.A.ItemProcessor.States.A',
    ],
    [
      'an outer variable assigned inside',
      machineOf({
        First: pass({ Assign: { total: 1 }, Next: 'A' }),
        A: map({ ItemProcessor: { StartAt: 'Inner', States: { Inner: pass({ Assign: { total: 2 } }) } } }),
      }),
      'shadowed-variable States.A.ItemProcessor.States.Inner.Assign.total',
    ],
  ])('reports %s', (_, definition, problem) => {
    const { value, diagnostics } = readStateMachine(JSON.parse(JSON.stringify(definition)));

    expect(diagnostics.map(({ code, at }) => `${code} ${at}`)).toContain(problem);
    expect(value).toBeUndefined();
  });

  it('accepts a JSONPath state in which nothing depends on the language', () => {
    const definition = {
      StartAt: 'A',
      States: { A: { ...pass({ Next: 'B' }), QueryLanguage: 'JSONata' }, B: { Type: 'Fail', Error: 'E', Cause: 'c' } },
    };

    expect(readStateMachine(definition).diagnostics).toEqual([]);
  });
});
