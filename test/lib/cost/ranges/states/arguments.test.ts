import { describe, expect, it } from 'vitest';
import { isUnresolved, reasonOf, unresolved } from '../../../../../lib/cost/unresolved.ts';
import { provenMachine, sequenceOf } from '../../../../support/proven-machine.ts';
import type { Definition } from '../../../../support/state-machines.ts';

const ARN = 'arn:aws:states:::glue:startJobRun.sync';
const jsonata = (Arguments: unknown, start: Definition = {}) =>
  provenMachine(
    sequenceOf({ Start: { Type: 'Pass', ...start }, Work: { Type: 'Task', Resource: ARN, Arguments } }),
  ).argumentsOf('Work');
const jsonpath = (task: Definition, start: Definition = {}) =>
  provenMachine(
    sequenceOf({ Start: { Type: 'Pass', ...start }, Work: { Type: 'Task', Resource: ARN, ...task } }, {}),
  ).argumentsOf('Work');

/** The reasons for which parts are not known, in the place of the parts. */
const reasons = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_name, part: unknown) => (isUnresolved(part) ? reasonOf(part) : part)));

describe('what a task is called with', () => {
  it('is what is written, markers of references included', () => {
    const written = { JobName: '@{app/Job}', Timeout: 30, Tags: ['a', { b: null }] };

    expect(jsonata(written)).toEqual([written]);
    expect(jsonpath({ Parameters: written })).toEqual([written]);
  });

  it('is what was assigned before, computed', () => {
    const task = { NumberOfWorkers: '{% $workers * 2 %}', WorkerType: "{% 'G.' & $size & 'X' %}" };

    expect(jsonata(task, { Assign: { workers: 5, size: 2 } })).toEqual([{ NumberOfWorkers: 10, WorkerType: 'G.2X' }]);
  });

  it('is the greatest number of a proven range', () => {
    expect(jsonata({ Timeout: '{% $min([$states.input.minutes, 60]) %}' })).toEqual([{ Timeout: 60 }]);
  });

  it('is one of each of the texts that it can be', () => {
    const type = "{% $states.input.large ? 'ml.m5.4xlarge' : 'ml.m5.xlarge' %}";

    expect(jsonata({ Type: type, Count: "{% $states.input.large ? 2 : 'x' %}" })).toHaveLength(4);
    expect(jsonata({ Type: type })).toEqual([{ Type: 'ml.m5.4xlarge' }, { Type: 'ml.m5.xlarge' }]);
  });

  it('is one of the texts that a Choice lets through', () => {
    const machine = provenMachine({
      QueryLanguage: 'JSONata',
      StartAt: 'Check',
      States: {
        Check: { Type: 'Choice', Choices: [{ Condition: "{% $states.input.t in ['G.1X', 'G.2X'] %}", Next: 'Work' }] },
        Work: { Type: 'Task', Resource: ARN, Arguments: { WorkerType: '{% $states.input.t %}' }, End: true },
      },
    });

    expect(machine.argumentsOf('Work')).toEqual([{ WorkerType: 'G.1X' }, { WorkerType: 'G.2X' }]);
  });

  it('says which expression decides what is not known', () => {
    expect(reasons(jsonata({ Name: 'x', Timeout: '{% $states.input.t %}' }))).toEqual([
      { Name: 'x', Timeout: 'decided by {% $states.input.t %}' },
    ]);
    expect(reasons(jsonpath({ Parameters: { 'Timeout.$': '$.t' } }))).toEqual([{ Timeout: 'decided by $.t' }]);
    expect(reasons(jsonpath({}))).toEqual(['decided by the input of machine.States.Work']);
  });

  it('keeps what the templates leave open, wherever it has been', () => {
    const workers = unresolved('deployment', 'decided by the parameter Workers');

    expect(jsonata({ NumberOfWorkers: workers })).toEqual([{ NumberOfWorkers: workers }]);
    expect(jsonata({ NumberOfWorkers: '{% $w %}' }, { Assign: { w: workers } })).toEqual([
      { NumberOfWorkers: workers },
    ]);
    expect(jsonata(workers)).toEqual([workers]);
  });

  it('is the input of a JSONPath task without parameters', () => {
    expect(jsonpath({}, { Result: { Timeout: 5 } })).toEqual([{ Timeout: 5 }]);
    expect(jsonpath({ InputPath: '$.a' }, { Result: { a: { Timeout: 5 } } })).toEqual([{ Timeout: 5 }]);
    expect(reasons(jsonpath({}, { Parameters: { a: 1 }, ResultPath: '$.b' }))).toEqual([
      'decided by the input of machine.States.Work',
    ]);
  });

  it('is not told apart in more combinations than anybody reads', () => {
    const either = "{% $states.input.a ? 'x' : 'y' %}";
    const fields = Object.fromEntries(Array.from({ length: 10 }, (_, place) => [`f${place}`, either]));
    const variants = jsonata(fields);

    expect(variants.length).toBeLessThanOrEqual(64);
    expect(variants.every((variant) => isUnresolved(variant) || isUnresolved(variant['f9']))).toBe(true);
  });

  it('inside a Map is made of the items, and of variables around it', () => {
    const inner = (Arguments: Definition, map: Definition): Definition => ({
      Type: 'Map',
      Items: [
        { workers: 2, type: 'G.1X' },
        { workers: 5, type: 'G.2X' },
      ],
      ItemProcessor: { StartAt: 'Work', States: { Work: { Type: 'Task', Resource: ARN, Arguments, End: true } } },
      ...map,
    });
    const argumentsIn = (map: Definition) =>
      provenMachine(sequenceOf({ Start: { Type: 'Pass', Assign: { t: 7 } }, Each: map })).argumentsOf('Work');
    const task = { Workers: '{% $states.input.workers %}', Type: '{% $states.input.type %}', Timeout: '{% $t %}' };

    expect(argumentsIn(inner(task, {}))).toEqual([
      { Workers: 5, Type: 'G.1X', Timeout: 7 },
      { Workers: 5, Type: 'G.2X', Timeout: 7 },
    ]);
    const selector = { ItemSelector: { workers: '{% $states.context.Map.Item.Value.workers + 1 %}', type: 'x' } };
    expect(argumentsIn(inner(task, selector))).toEqual([{ Workers: 6, Type: 'x', Timeout: 7 }]);
    const { Timeout: _, ...own } = task;
    expect(reasons(argumentsIn(inner(own, { ItemBatcher: { MaxItemsPerBatch: 2 } })))).toMatchObject([
      { Workers: expect.anything() },
    ]);
  });

  it('in the children of a distributed Map knows no variables around it', () => {
    const map = {
      Type: 'Map',
      Items: [1],
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Work',
        States: { Work: { Type: 'Task', Resource: ARN, Arguments: { Timeout: '{% $t %}' }, End: true } },
      },
    };
    const machine = provenMachine(sequenceOf({ Start: { Type: 'Pass', Assign: { t: 7 } }, Each: map }));

    expect(reasons(machine.argumentsOf('Work'))).toEqual([{ Timeout: 'decided by {% $t %}' }]);
  });

  it('in the branches of a Parallel is made of its arguments', () => {
    const branch = {
      StartAt: 'Work',
      States: { Work: { Type: 'Task', Resource: ARN, Arguments: { Timeout: '{% $states.input.t %}' }, End: true } },
    };
    const fork = (fields: Definition) =>
      sequenceOf({
        Start: { Type: 'Pass', Output: { t: 3 } },
        Fork: { Type: 'Parallel', Branches: [branch], ...fields },
      });

    expect(provenMachine(fork({})).argumentsOf('Work')).toEqual([{ Timeout: 3 }]);
    expect(provenMachine(fork({ Arguments: { t: 4 } })).argumentsOf('Work')).toEqual([{ Timeout: 4 }]);
  });

  it('does not see what is assigned where a task fails, but by its catcher', () => {
    const caught = (assign: Definition): Definition => ({
      QueryLanguage: 'JSONata',
      StartAt: 'Start',
      States: {
        Start: { Type: 'Pass', Assign: { t: 1 }, Next: 'Try' },
        Try: {
          Type: 'Task',
          Resource: ARN,
          Assign: { t: 2 },
          Catch: [{ ErrorEquals: ['States.ALL'], ...assign, Next: 'Work' }],
          End: true,
        },
        Work: { Type: 'Task', Resource: ARN, Arguments: { Timeout: '{% $t %}' }, End: true },
      },
    });

    expect(provenMachine(caught({})).argumentsOf('Work')).toEqual([{ Timeout: 1 }]);
    expect(provenMachine(caught({ Assign: { t: 9 } })).argumentsOf('Work')).toEqual([{ Timeout: 9 }]);
  });

  it('follows a counter through its loop and behind it', () => {
    const machine = provenMachine({
      QueryLanguage: 'JSONata',
      StartAt: 'Start',
      States: {
        Start: { Type: 'Pass', Assign: { i: 0 }, Next: 'Guard' },
        Guard: { Type: 'Choice', Choices: [{ Condition: '{% $i < 500 %}', Next: 'Work' }], Default: 'After' },
        Work: {
          Type: 'Task',
          Resource: ARN,
          Arguments: { n: '{% $i %}' },
          Assign: { i: '{% $i + 1 %}' },
          Next: 'Guard',
        },
        After: { Type: 'Task', Resource: ARN, Arguments: { n: '{% $i %}' }, End: true },
      },
    });

    expect(machine.argumentsOf('Work')).toEqual([{ n: 499 }]);
    expect(machine.argumentsOf('After')).toEqual([{ n: 500 }]);
  });

  it('does not look through what doubles with every lap', () => {
    const machine = provenMachine({
      QueryLanguage: 'JSONata',
      StartAt: 'Start',
      States: {
        Start: { Type: 'Pass', Assign: { x: 0 }, Next: 'More' },
        More: { Type: 'Pass', Assign: { x: '{% {"a": $x, "b": $x, "c": [$x, $x, $x, $x]} %}' }, Next: 'Work' },
        Work: { Type: 'Task', Resource: ARN, Arguments: { x: '{% $x %}' }, Next: 'More' },
      },
    });

    expect(reasons(machine.argumentsOf('Work'))).toEqual([{ x: 'decided by {% $x %}' }]);
  });
});
