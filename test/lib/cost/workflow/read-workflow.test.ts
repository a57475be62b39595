import { describe, expect, it } from 'vitest';
import { unresolved } from '../../../../lib/cost/unresolved.ts';
import { readWorkflow } from '../../../../lib/cost/workflow/read-workflow.ts';
import type { MapState, TaskState, WorkflowState } from '../../../../lib/cost/workflow/workflow.ts';
import { must } from '../../../../lib/errors/fault.ts';

const TASK = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true };
const PASS = { Type: 'Pass', End: true };

const machine = (states: object, fields: object = {}) => ({ StartAt: 'First', States: states, ...fields });
const read = (states: object, fields: object = {}) =>
  must(readWorkflow(machine(states, fields), 'app/M').value, 'a workflow');
const first = (state: object, fields: object = {}): WorkflowState =>
  must(read({ First: state }, fields).states.get('First'), 'a state');
const problems = (definition: unknown): readonly string[] =>
  readWorkflow(definition, 'app/M').diagnostics.map(({ code, at }) => `${code} ${at}`);
const malformed = (state: object): readonly string[] =>
  problems(machine({ First: state })).map((problem) => problem.replace('malformed-definition app/M.States.First', ''));

describe('reading a state machine', () => {
  it('keeps what cost depends on, with the paths that set it', () => {
    const retried = { ErrorEquals: ['A'], MaxAttempts: 7 };
    const caught = { ErrorEquals: ['States.ALL'], Next: 'Last', ResultPath: null };
    const state = { ...TASK, Retry: [retried, { ErrorEquals: ['B', 'C'] }], Catch: [caught] };
    const task = read({ First: state, Last: PASS }).states.get('First') as TaskState;

    expect(task).toMatchObject({ type: 'Task', name: 'First', at: 'app/M.States.First', next: null, fields: state });
    expect(task.retriers).toEqual([
      { at: 'app/M.States.First.Retry[0]', errors: ['A'], maxAttempts: 7 },
      { at: 'app/M.States.First.Retry[1]', errors: ['B', 'C'], maxAttempts: 3 },
    ]);
    expect(task.catchers).toEqual([
      { at: 'app/M.States.First.Catch[0]', errors: ['States.ALL'], next: 'Last', fields: caught },
    ]);
  });

  it('knows rules and the default of a Choice', () => {
    const choice = { Type: 'Choice', Choices: [{ Variable: '$.x', IsNull: true, Next: 'Last' }], Default: 'First' };

    expect(read({ First: choice, Last: PASS }).states.get('First')).toMatchObject({
      rules: [{ at: 'app/M.States.First.Choices[0]', next: 'Last', fields: choice.Choices[0] }],
      otherwise: 'First',
    });
  });

  it('gives every state its query language; states in states inherit that of the state machine', () => {
    const inner = { StartAt: 'Inner', States: { Inner: PASS } };
    const parallel = { Type: 'Parallel', QueryLanguage: 'JSONata', Branches: [inner], End: true };
    const languageOfInner = (fields: object): unknown => {
      const state = first(parallel, fields);
      return state.type === 'Parallel' ? state.branches[0]?.states.get('Inner')?.language : undefined;
    };

    expect(first(PASS).language).toBe('JSONPath');
    expect(first(PASS, { QueryLanguage: 'JSONata' }).language).toBe('JSONata');
    expect(first(parallel).language).toBe('JSONata');
    expect(languageOfInner({})).toBe('JSONPath');
    expect(languageOfInner({ QueryLanguage: 'JSONata' })).toBe('JSONata');
  });

  it('takes the older name of an item processor, and knows how child executions are billed', () => {
    const inner = { StartAt: 'Inner', States: { Inner: PASS } };
    const map = (field: string, ProcessorConfig?: object): MapState =>
      first({
        Type: 'Map',
        [field]: { ...inner, ...(ProcessorConfig ? { ProcessorConfig } : {}) },
        End: true,
      }) as MapState;

    expect(map('Iterator')).toMatchObject({ mode: 'inline', processor: { at: 'app/M.States.First.Iterator' } });
    expect(map('ItemProcessor').processor.states.get('Inner')?.at).toBe(
      'app/M.States.First.ItemProcessor.States.Inner',
    );
    expect(map('ItemProcessor', { Mode: 'INLINE' }).mode).toBe('inline');
    expect(map('ItemProcessor', { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }).mode).toBe('standard-children');
    expect(map('ItemProcessor', { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' }).mode).toBe('express-children');
  });

  it('does not mind states that nothing leads to, fields that it does not know, or names of prototypes', () => {
    const states = JSON.parse('{"__proto__": {"Type": "Succeed"}, "constructor": {"Type": "Fail"}}') as object;

    expect(problems(machine({ First: { ...PASS, Later: 1 }, ...states, Lost: PASS }))).toEqual([]);
    expect(problems({ StartAt: 'toString', States: { First: PASS } })).toEqual(['malformed-definition app/M.StartAt']);
  });
});

describe('a malformed state machine', () => {
  it('is refused whatever it is', () => {
    for (const definition of [undefined, null, 7, 'text', [], true]) {
      expect(problems(definition)).toEqual(['malformed-definition app/M']);
    }
    expect(problems({})).toEqual(['malformed-definition app/M.StartAt', 'malformed-definition app/M.States']);
    expect(problems({ StartAt: 'First', States: {} })).toEqual(['malformed-definition app/M.States']);
    expect(problems(machine({ First: PASS }, { QueryLanguage: 'SQL' }))).toEqual([
      'malformed-definition app/M.QueryLanguage',
    ]);
  });

  it('names every field of a state that is wrong', () => {
    expect(malformed({ Type: 'Wish', End: true })).toEqual(['.Type']);
    expect(malformed({ Type: 'Task', End: true })).toEqual(['.Resource']);
    expect(malformed({ Type: 'Pass' })).toEqual(['']);
    expect(malformed({ Type: 'Pass', Next: 'First', End: true })).toEqual(['']);
    expect(malformed({ Type: 'Pass', End: 'yes' })).toEqual(['.End']);
    expect(malformed({ Type: 'Choice', Choices: [] })).toEqual(['.Choices']);
    expect(malformed({ Type: 'Choice', Choices: [{}, 7], Default: 7 })).toEqual([
      '.Choices[0].Next',
      '.Choices[1]',
      '.Default',
    ]);
    expect(malformed({ Type: 'Parallel', Branches: 7, End: true })).toEqual(['.Branches']);
    expect(malformed({ Type: 'Map', End: true })).toEqual(['.ItemProcessor']);
  });

  it('names the limits of child executions that are not set', () => {
    const map = (ProcessorConfig: object) => ({
      Type: 'Map',
      ItemProcessor: { StartAt: 'Inner', States: { Inner: PASS }, ProcessorConfig },
      End: true,
    });

    expect(malformed(map({ Mode: 'HUGE' }))).toEqual(['.ItemProcessor.ProcessorConfig.Mode']);
    expect(malformed(map({ Mode: 'DISTRIBUTED' }))).toEqual(['.ItemProcessor.ProcessorConfig.ExecutionType']);
  });

  it('names each state that leads nowhere', () => {
    const states = {
      First: { ...TASK, End: undefined, Next: 'Nowhere', Catch: [{ ErrorEquals: ['A'], Next: 'Gone' }] },
      Second: { Type: 'Choice', Choices: [{ Next: 'Lost' }], Default: 'Away' },
    };

    expect(problems({ StartAt: 'Start', States: states })).toEqual([
      'malformed-definition app/M.StartAt',
      'malformed-definition app/M.States.First.Next',
      'malformed-definition app/M.States.First.Catch[0]',
      'malformed-definition app/M.States.Second.Choices[0]',
      'malformed-definition app/M.States.Second.Default',
    ]);
  });

  it('names states of one name, wherever they are', () => {
    const inner = { StartAt: 'First', States: { First: PASS } };

    expect(problems(machine({ First: { Type: 'Parallel', Branches: [inner], End: true } }))).toEqual([
      'malformed-definition app/M.States.First.Branches[0].States.First',
    ]);
  });

  it('names retriers and catchers that are none', () => {
    expect(malformed({ ...TASK, Retry: { ErrorEquals: ['A'] } })).toEqual(['.Retry']);
    expect(malformed({ ...TASK, Retry: [7, {}, { ErrorEquals: [7] }] })).toEqual([
      '.Retry[0]',
      '.Retry[1].ErrorEquals',
      '.Retry[2].ErrorEquals[0]',
    ]);
    expect(malformed({ ...TASK, Catch: [{ ErrorEquals: [] }] })).toEqual(['.Catch[0].ErrorEquals', '.Catch[0].Next']);
    for (const MaxAttempts of [-1, 0.5, 100_000_000, '3', '{% $n %}', null, Number.NaN]) {
      expect(malformed({ ...TASK, Retry: [{ ErrorEquals: ['A'], MaxAttempts }] })).toEqual(['.Retry[0].MaxAttempts']);
    }
    for (const MaxAttempts of [0, 99_999_999]) {
      expect(malformed({ ...TASK, Retry: [{ ErrorEquals: ['A'], MaxAttempts }] })).toEqual([]);
    }
  });

  it('says who decides what cannot be known yet, and keeps the rest where the structure is known', () => {
    const MaxAttempts = unresolved('deployment', 'decided by the parameter Attempts');
    const result = readWorkflow(machine({ First: { ...TASK, Retry: [{ ErrorEquals: ['A'], MaxAttempts }] } }), 'app/M');

    expect(result.diagnostics).toEqual([
      {
        code: 'deploy-time-limit',
        severity: 'error',
        at: 'app/M.States.First.Retry[0].MaxAttempts',
        message: 'is decided by the parameter Attempts',
        fix: 'set a whole number from 0 to 99999999, as a literal',
      },
    ]);
    expect(result.value?.states.has('First')).toBe(true);
    expect(problems(unresolved('input', 'made of an unknown intrinsic'))).toEqual(['malformed-definition app/M']);
    expect(problems(machine({ First: { ...PASS, End: undefined, Next: unresolved('run', 'x') } }))).toEqual([
      'run-time-limit app/M.States.First.Next',
    ]);
  });

  it('is refused where scopes are nested without reason, instead of exhausting the stack', () => {
    let scope: object = { StartAt: 'Leaf', States: { Leaf: PASS } };
    for (let depth = 0; depth < 5_000; depth += 1) {
      scope = { StartAt: `P${depth}`, States: { [`P${depth}`]: { Type: 'Parallel', Branches: [scope], End: true } } };
    }

    expect(readWorkflow(scope, 'app/M').diagnostics.map(({ message }) => message)).toEqual([
      'is nested deeper than 250 scopes',
    ]);
  });
});
