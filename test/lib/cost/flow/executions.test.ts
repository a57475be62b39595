import { describe, expect, it } from 'vitest';
import { unresolved } from '../../../../lib/cost/unresolved.ts';
import { must } from '../../../../lib/errors/fault.ts';
import {
  boundOf,
  boundsOf,
  costs,
  FLOW_BOOK,
  type FlowOptions,
  fakeCall,
  tenthsOf,
} from '../../../support/cost-flow.ts';

const task = (fields: object) => ({ StartAt: 'Work', States: { Work: { Type: 'Task', End: true, ...fields } } });
const START = 'arn:aws:states:::states:startExecution.sync:2';
const starting = (machine: unknown, fields: object = {}) => ({
  QueryLanguage: 'JSONata',
  ...task({ Resource: START, Arguments: { StateMachineArn: machine }, ...fields }),
});

const of = (machine: string, definitions: Readonly<Record<string, object>>, options: FlowOptions = {}) =>
  must(boundsOf(definitions, options)(machine), 'a bound');
const tenths = (usd: bigint): number => Number(usd / 100_000_000_000n);
const problems = (definition: object, options: FlowOptions = {}): readonly string[] =>
  of('app/M', { 'app/M': definition }, options).diagnostics.map(({ code, at }) => `${code} ${at}`);

describe('an execution', () => {
  it('pays its start and its end', () => {
    expect(tenths(boundOf(task({ Resource: costs(1) })).node.usd)).toBe(11 + 2);
  });

  it('of an express state machine is refused, and the rest is still looked at', () => {
    const definition = { StartAt: 'Loop', States: { Loop: { Type: 'Pass', Next: 'Loop' } } };

    expect(problems(definition, { type: 'EXPRESS' })).toEqual([
      'unmetered-option app/M.Properties.StateMachineType',
      'unbounded-loop app/M.States.Loop.Next',
    ]);
  });

  it('of which a price is missing is refused once, never free', () => {
    expect(problems(task({ Resource: costs(1) }), { book: { ...FLOW_BOOK, prices: [] } })).toHaveLength(1);
    expect(problems(task({ Resource: costs(1) }), { book: { ...FLOW_BOOK, prices: [] } })[0]).toMatch(/^missing-price/);
  });

  it('is not known for an address that is no state machine', () => {
    expect(boundsOf({})('app/Nothing')).toBeUndefined();
  });

  it('tells each task how often it is retried, and what it can be called with', () => {
    const calls: unknown[] = [];
    const retriers = [{ ErrorEquals: ['A'], MaxAttempts: 2 }, { ErrorEquals: ['States.ALL'] }];
    boundOf(task({ Resource: costs(1), Retry: retriers, Parameters: { JobName: 'x' } }), {
      boundCall: (call, context) => {
        calls.push(call);
        return fakeCall(call, context);
      },
    });

    expect(calls).toEqual([
      {
        name: 'Work',
        at: 'app/M.States.Work',
        resource: costs(1),
        argumentsAt: 'app/M.States.Work.Parameters',
        arguments: [{ JobName: 'x' }],
        retries: 5,
      },
    ]);
  });

  it('does not look at tasks that nothing leads to', () => {
    const states = { First: { Type: 'Pass', End: true }, Lost: { Type: 'Task', Resource: costs(9), End: true } };

    expect(tenthsOf(states)).toBe(1);
  });
});

describe('a task that starts an execution', () => {
  const inner = task({ Resource: costs(1) });

  it('costs what the other state machine costs, on every try', () => {
    const outer = starting('@{app/Inner}', { Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }] });

    expect(tenths(of('app/M', { 'app/M': outer, 'app/Inner': inner }).node.usd)).toBe(2 * (11 + 2 + 1) + 2);
  });

  it('is known by any of its integrations, in either query language', () => {
    const calls = ['states:startExecution', 'states:startExecution.waitForTaskToken', 'aws-sdk:sfn:startSyncExecution'];
    for (const call of calls) {
      const outer = task({ Resource: `arn:aws:states:::${call}`, Parameters: { StateMachineArn: '@{app/Inner.Arn}' } });
      expect(tenths(of('app/M', { 'app/M': outer, 'app/Inner': inner }).node.usd)).toBe(11 + 2 + 1 + 2);
    }
  });

  it('takes the dearest of the state machines that it can start', () => {
    const both = [{ StateMachineArn: '@{app/Inner}' }, { StateMachineArn: '@{app/Dear}' }];
    const definitions = { 'app/M': starting('x'), 'app/Inner': inner, 'app/Dear': task({ Resource: costs(5) }) };
    const argumentsOf = () => both;

    expect(tenths(of('app/M', definitions, { proofs: { argumentsOf } }).node.usd)).toBe(51 + 2 + 1 + 2);
  });

  it('is refused where the state machine is none of the templates', () => {
    const at = 'app/M.States.Work.Arguments.StateMachineArn';

    expect(problems(starting('@{app/Other}'))).toEqual([`unmetered-call ${at}`]);
    expect(problems(starting('arn:aws:states:us-east-1:000000000000:stateMachine:x'))).toEqual([
      `unmetered-call ${at}`,
    ]);
    expect(problems(starting(undefined))).toEqual([`unmetered-call ${at}`]);
    expect(problems(starting(unresolved('run', 'decided by the input')))).toEqual([`run-time-limit ${at}`]);
    expect(problems(starting(unresolved('deployment', 'decided by a parameter')))).toEqual([`deploy-time-limit ${at}`]);
  });

  it('is refused where executions start each other in a circle, once', () => {
    const definitions = { 'app/A': starting('@{app/B}'), 'app/B': starting('@{app/A}') };
    const bound = boundsOf(definitions);

    const first = must(bound('app/A'), 'a bound').diagnostics;
    expect(first.map(({ code, at }) => `${code} ${at}`)).toEqual([
      'unbounded-nesting app/B.States.Work.Arguments.StateMachineArn',
    ]);
    expect(first[0]?.message).toContain('app/A → app/B → app/A');
    expect(must(bound('app/B'), 'a bound').diagnostics).toEqual(first);
  });

  it('is looked at once, however often it is started', () => {
    let looks = 0;
    const definitions: Record<string, object> = { 'app/L0': inner };
    for (let level = 1; level <= 40; level += 1) {
      const again = { Type: 'Task', Resource: START, Arguments: { StateMachineArn: `@{app/L${level - 1}}` } };
      definitions[`app/L${level}`] = {
        QueryLanguage: 'JSONata',
        StartAt: 'One',
        States: { One: { ...again, Next: 'Two' }, Two: { ...again, End: true } },
      };
    }
    of('app/L40', definitions, {
      boundCall: (call, context) => {
        looks += 1;
        return fakeCall(call, context);
      },
    });

    expect(looks).toBe(1);
  });

  it('again from where it failed spends again: refused', () => {
    const redrive = task({ Resource: 'arn:aws:states:::aws-sdk:sfn:redriveExecution', Parameters: {} });

    expect(problems(redrive)).toEqual(['redrive-allowed app/M.States.Work.Resource']);
  });
});
