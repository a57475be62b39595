import { describe, expect, it } from 'vitest';
import { provenMachine, sequenceOf } from '../../../../support/proven-machine.ts';
import type { Definition } from '../../../../support/state-machines.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:work';
const each = (fields: Definition, mode: Definition = {}): Definition => ({
  Type: 'Map',
  ItemProcessor: { ...mode, StartAt: 'Work', States: { Work: { Type: 'Task', Resource: ARN, End: true } } },
  ...fields,
});
const DISTRIBUTED = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } };

const itemsAfter = (start: Definition, map: Definition, frame?: Definition) =>
  provenMachine(sequenceOf({ Start: { Type: 'Pass', ...start }, Each: map }, frame)).itemsOf('Each');
const jsonataItems = (Items: unknown, start: Definition = {}) => itemsAfter(start, each({ Items }))?.count;
const jsonpathItems = (map: Definition, start: Definition = {}) => itemsAfter(start, each(map), {})?.count;

describe('the items of a Map', () => {
  it('are those of a literal list, and the property says so', () => {
    expect(itemsAfter({}, each({ Items: [1, '{% $x %}', 3] }))).toEqual({ count: 3, at: 'machine.States.Each.Items' });
  });

  it.each<[unknown, number | undefined, Definition?]>([
    ['{% [1..4] %}', 4],
    ['{% $l %}', 2, { Assign: { l: [1, [2, 3]] } }],
    ['{% [$l] %}', 2, { Assign: { l: [1, [2, 3]] } }],
    ['{% $append($l, $l) %}', 4, { Assign: { l: [1, 2] } }],
    ['{% {"a": 1, "b": $x} %}', 2],
    ['{% $x %}', undefined],
    ['{% $merge([$x, {"a": 1}]) %}', undefined],
    ['{% $states.context.Execution.Input.list %}', undefined],
    ['{% $count($x) <= 9 ? [$x] %}', 9],
    ['{% $count($x) <= 9 ? $x %}', undefined],
    ['no list', 0],
  ])('given by %s are at most %s', (items, count, start) => {
    expect(jsonataItems(items, start)).toBe(count);
  });

  it('are those of the input where the Map names none', () => {
    expect(itemsAfter({ Output: [1, 2, 3] }, each({}))?.count).toBe(3);
    expect(itemsAfter({}, each({}))).toBeUndefined();
  });

  it('are limited by a Choice before it', () => {
    const machine = provenMachine({
      QueryLanguage: 'JSONata',
      StartAt: 'Check',
      States: {
        Check: {
          Type: 'Choice',
          Choices: [{ Condition: '{% $count($frozen.trials) <= 4 %}', Next: 'Wait' }],
          Default: 'Fail',
        },
        Wait: { Type: 'Wait', Seconds: 1, Next: 'Each' },
        Each: { ...each({ Items: '{% [$frozen.trials] %}' }), End: true },
        Fail: { Type: 'Fail' },
      },
    });

    expect(machine.itemsOf('Each')?.count).toBe(4);
  });

  it('are not limited by a Choice before the list was set again', () => {
    const machine = provenMachine({
      QueryLanguage: 'JSONata',
      StartAt: 'Check',
      States: {
        Check: { Type: 'Choice', Choices: [{ Condition: '{% $count($l) <= 4 %}', Next: 'Set' }], Default: 'Fail' },
        Set: { Type: 'Pass', Assign: { l: '{% $states.input.l %}' }, Next: 'Each' },
        Each: { ...each({ Items: '{% [$l] %}' }), End: true },
        Fail: { Type: 'Fail' },
      },
    });

    expect(machine.itemsOf('Each')).toBeUndefined();
  });

  it('grow without a limit where a loop adds to them', () => {
    const machine = provenMachine({
      QueryLanguage: 'JSONata',
      StartAt: 'Start',
      States: {
        Start: { Type: 'Pass', Assign: { l: [] }, Next: 'More' },
        More: { Type: 'Pass', Assign: { l: '{% $append($l, 1) %}' }, Next: 'Enough' },
        Enough: {
          Type: 'Choice',
          Choices: [{ Condition: '{% $states.input.enough %}', Next: 'Each' }],
          Default: 'More',
        },
        Each: { ...each({ Items: '{% [$l] %}' }), End: true },
      },
    });

    expect(machine.itemsOf('Each')).toBeUndefined();
  });

  it.each<[Definition, number | undefined, Definition?]>([
    [{ ItemsPath: '$.l' }, 3, { Result: { l: [1, 2, 3] } }],
    [{ InputPath: '$.l' }, 3, { Result: { l: [1, 2, 3] } }],
    [{ ItemsPath: '$.o' }, 2, { Result: { o: { a: 1, b: 2 } } }],
    [{ ItemsPath: '$.p[0]' }, 4, { Parameters: { 'p.$': 'States.ArrayPartition($.list, 4)' } }],
    [{ ItemsPath: '$.r' }, 5, { Parameters: { 'r.$': 'States.ArrayRange(1, 9, 2)' } }],
    [{ ItemsPath: '$.u' }, 2, { Parameters: { 'u.$': "States.ArrayUnique(States.Array('a', $.b))" } }],
    [{ ItemsPath: '$l' }, 2, { Assign: { l: [1, 2] } }],
    [{ ItemsPath: '$.l' }, undefined],
    [{}, undefined],
    [{ ItemsPath: '$$.Execution.Input.l' }, undefined],
  ])('of JSONPath with %j are at most %s', (map, count, start) => {
    expect(jsonpathItems(map, start)).toBe(count);
  });

  it('are as many as MaxItems lets through of a data set', () => {
    const reader = (config: Definition) =>
      itemsAfter(
        {},
        each({ ItemReader: { Resource: 'arn:aws:states:::s3:listObjectsV2', ReaderConfig: config } }, DISTRIBUTED),
      );

    expect(reader({ MaxItems: 100 })).toEqual({
      count: 100,
      at: 'machine.States.Each.ItemReader.ReaderConfig.MaxItems',
    });
    expect(reader({})).toBeUndefined();
    expect(reader({ MaxItems: 0 })).toBeUndefined();
    expect(reader({ MaxItems: '{% $n %}' })).toBeUndefined();
    expect(reader({ MaxItemsPath: '$.n' })).toBeUndefined();
  });
});
