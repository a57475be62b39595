import { describe, expect, it } from 'vitest';
import { UnboundedSpend } from './battleground.ts';
import { Chance } from './chance.ts';
import { exhaust } from './exhaust.ts';
import { MAIN } from './generate-case.ts';
import { battlegroundOf, INVOCATION, TRANSITION, templateOver, work } from './hand-made.ts';
import { walk } from './walk.ts';

/** Invocations and transitions, computed by hand; the two transitions of the execution itself come on top. */
interface HandMade {
  readonly name: string;
  readonly states: object;
  readonly more?: object;
  readonly invocations: number;
  readonly transitions: number;
}

const END = { End: true };
const done = { Type: 'Succeed' };
const retrier = (ErrorEquals: readonly string[], MaxAttempts?: number): object => ({
  ErrorEquals,
  ...(MaxAttempts === undefined ? {} : { MaxAttempts }),
});
const processor = (state: object, more: object = {}): object => ({ ...more, StartAt: 'Item', States: { Item: state } });
const distributed = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } };

const HAND_MADE: readonly HandMade[] = [
  { name: 'one task', states: { First: work(END) }, invocations: 1, transitions: 1 },
  {
    name: 'every retrier of a task, three attempts where none are named',
    states: { First: work({ ...END, Retry: [retrier(['A'], 2), retrier(['States.ALL'])] }) },
    invocations: 6,
    transitions: 6,
  },
  {
    name: 'no attempt of a retrier that earlier ones shadow',
    states: { First: work({ ...END, Retry: [retrier(['States.TaskFailed'], 1), retrier(['A', 'B'], 9)] }) },
    invocations: 2,
    transitions: 2,
  },
  {
    name: 'a retrier of timeouts beside one of all else',
    states: {
      First: work({
        ...END,
        Retry: [retrier(['States.TaskFailed'], 1), retrier(['States.Timeout'], 2), retrier(['States.ALL'], 9)],
      }),
    },
    invocations: 4,
    transitions: 4,
  },
  {
    name: 'retriers that name no attempts at all',
    states: { First: work({ ...END, Retry: [retrier(['States.ALL'], 0)] }) },
    invocations: 1,
    transitions: 1,
  },
  {
    name: 'a catcher after the last try, and what it leads to',
    states: {
      First: work({ Next: 'Good', Retry: [retrier(['A'], 1)], Catch: [{ ErrorEquals: ['A'], Next: 'Bad' }] }),
      Good: done,
      Bad: work(END),
    },
    invocations: 3,
    transitions: 3,
  },
  {
    name: 'the dearer of two rules',
    states: {
      First: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.a %}', Next: 'Dear' }], Default: 'Cheap' },
      Dear: work({ Next: 'Cheap' }),
      Cheap: { Type: 'Pass', End: true },
    },
    invocations: 1,
    transitions: 3,
  },
  {
    name: 'all branches of a Parallel, to their end, on each try',
    states: {
      First: {
        Type: 'Parallel',
        ...END,
        Branches: [processor(work(END)), processor(work({ ...END, Retry: [retrier(['States.ALL'], 1)] }))],
        Retry: [retrier(['States.ALL'], 2)],
      },
    },
    invocations: 3 * 3,
    transitions: 3 * (1 + 3),
  },
  {
    name: 'the last branch that can succeed, after tries that fail where it is dearer to fail',
    states: {
      First: {
        Type: 'Parallel',
        Next: 'After',
        Branches: [
          {
            StartAt: 'Try',
            States: {
              Try: work({ End: true, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Clean' }] }),
              Clean: work({ Next: 'Stop' }),
              Stop: { Type: 'Fail' },
            },
          },
        ],
        Retry: [retrier(['States.ALL'], 1)],
      },
      After: work({ Next: 'Last' }),
      Last: work(END),
    },
    invocations: 2 + 1 + 2,
    transitions: 1 + 3 + 1 + 1 + 2,
  },
  {
    name: 'all items of a Map',
    states: { First: { Type: 'Map', Items: [1, 2, 3], ...END, ItemProcessor: processor(work(END)) } },
    invocations: 3,
    transitions: 4,
  },
  {
    name: 'two items in flight that clean up after a failure, and one that succeeded before',
    states: {
      First: {
        Type: 'Map',
        Items: '{% [$filter([0..2], function($place) { $place < $count($states.input.rows) })] %}',
        MaxConcurrency: 2,
        ...END,
        ItemProcessor: {
          StartAt: 'Item',
          States: {
            Item: work({ ...END, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Clean' }] }),
            Clean: work({ Next: 'Stop' }),
            Stop: { Type: 'Fail' },
          },
        },
      },
    },
    invocations: 2 * 2 + 1,
    transitions: 1 + 2 * 3 + 1,
  },
  {
    name: 'child executions of a distributed Map, with their starts and ends',
    states: {
      First: {
        Type: 'Map',
        ItemReader: { Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: { MaxItems: 4 } },
        ...END,
        ItemProcessor: processor(work(END), distributed),
      },
    },
    invocations: 4,
    transitions: 1 + 4 * 3,
  },
  {
    name: 'a loop counted by a variable',
    states: {
      First: { Type: 'Pass', Assign: { n: 0 }, Next: 'Guard' },
      Guard: { Type: 'Choice', Choices: [{ Condition: '{% $n < 3 %}', Next: 'Body' }], Default: 'Last' },
      Body: work({ Next: 'Count' }),
      Count: { Type: 'Pass', Assign: { n: '{% $n + 1 %}' }, Next: 'Guard' },
      Last: done,
    },
    invocations: 3,
    transitions: 1 + 3 * 3 + 1 + 1,
  },
  {
    name: 'a loop counted in the input, in JSONPath',
    more: { QueryLanguage: 'JSONPath' },
    states: {
      First: { Type: 'Pass', Result: { count: 0 }, ResultPath: '$.loop', Next: 'Guard' },
      Guard: {
        Type: 'Choice',
        Choices: [{ Variable: '$.loop.count', NumericLessThan: 2, Next: 'Body' }],
        Default: 'Last',
      },
      Body: { ...work({ ResultPath: null, Next: 'Count' }), Parameters: { FunctionName: 'work' } },
      Count: {
        Type: 'Pass',
        Parameters: { 'count.$': 'States.MathAdd($.loop.count, 1)' },
        ResultPath: '$.loop',
        Next: 'Guard',
      },
      Last: { Type: 'Fail' },
    },
    invocations: 2,
    transitions: 1 + 2 * 3 + 1 + 1,
  },
  {
    name: 'a step that floating point makes one lap longer',
    states: {
      First: { Type: 'Pass', Assign: { n: 0 }, Next: 'Guard' },
      Guard: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $n < 1 %}', Assign: { n: '{% $n + 0.1 %}' }, Next: 'Guard' }],
        Default: 'Last',
      },
      Last: done,
    },
    invocations: 0,
    transitions: 1 + 12 + 1,
  },
];

describe('the exhaustive search', () => {
  it.each(HAND_MADE)('finds $name', ({ states, more, invocations, transitions }) => {
    const ground = battlegroundOf(templateOver(states, more));

    const most = exhaust(ground, MAIN);

    expect(most).toBe(BigInt(invocations) * INVOCATION + BigInt(transitions + 2) * TRANSITION);
  });

  it.each(HAND_MADE)('is never exceeded by a random walk, and is reached by one: $name', ({ states, more }) => {
    const ground = battlegroundOf(templateOver(states, more));
    const most = exhaust(ground, MAIN);

    const walks = Array.from({ length: 2_000 }, (_, seed) => walk(ground, MAIN, new Chance(seed), 0.95).spent);

    expect(walks.toSorted((a, b) => Number(a - b)).at(-1)).toBe(most);
  });

  it('counts the whole of a nested execution on each try', () => {
    const nested = (templateOver({ First: work(END) }) as { readonly Resources: Record<string, object> }).Resources[
      MAIN
    ];
    const start = {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Arguments: { StateMachineArn: { 'Fn::GetAtt': ['Inner', 'Arn'] } },
      Retry: [retrier(['States.ALL'], 1)],
      ...END,
    };
    const ground = battlegroundOf(templateOver({ First: start }, {}, { Inner: nested }));

    expect(exhaust(ground, MAIN)).toBe(2n * (INVOCATION + 3n * TRANSITION) + 4n * TRANSITION);
  });

  it('spends nothing on errors that are agreed to come from the create call', () => {
    const states = {
      First: work({ ...END, Retry: [retrier(['Lambda.TooManyRequestsException'], 5), retrier(['States.ALL'], 1)] }),
    };
    const ground = battlegroundOf(templateOver(states), 'cost nothing');

    expect(exhaust(ground, MAIN)).toBe(2n * INVOCATION + 9n * TRANSITION);
  });

  it.each([
    ['a counter from outside', { Type: 'Pass', Next: 'Guard' }, '{% $n + 1 %}'],
    ['a counter that goes the wrong way', { Type: 'Pass', Assign: { n: 0 }, Next: 'Guard' }, '{% $n - 1 %}'],
    ['a counter that stands still', { Type: 'Pass', Assign: { n: 0 }, Next: 'Guard' }, '{% $n + 0 %}'],
    ['a counter of a task', { Type: 'Pass', Assign: { n: 0 }, Next: 'Guard' }, '{% $states.result.n %}'],
  ])('reports a loop without an end: %s', (_, first, next) => {
    const states = {
      First: first,
      Guard: { Type: 'Choice', Choices: [{ Condition: '{% $n < 3 %}', Next: 'Count' }], Default: 'Last' },
      Count: work({ Assign: { n: next }, Next: 'Guard' }),
      Last: done,
    };
    const data = _ === 'a counter from outside' ? { Assign: { n: '{% $states.input.n %}' } } : {};
    const ground = battlegroundOf(templateOver({ ...states, First: { ...first, ...data } }));

    expect(() => exhaust(ground, MAIN)).toThrow(UnboundedSpend);
  });
});
