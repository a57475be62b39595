import { describe, expect, it } from 'vitest';
import { provenMachine } from '../../../../support/proven-machine.ts';
import type { Definition } from '../../../../support/state-machines.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:work';

/** `Start` sets the counter, `Guard` lets the loop through `Work` go on, or ends it. */
interface Counting {
  readonly start?: Definition;
  readonly guard: Definition;
  readonly work: Definition;
  /** Where the loop is entered. */
  readonly enters?: 'Guard' | 'Work';
  readonly more?: Definition;
}

const jsonata = ({ start = { Assign: { i: 0 } }, guard, work, enters = 'Guard', more = {} }: Counting): Definition => ({
  QueryLanguage: 'JSONata',
  StartAt: 'Start',
  States: {
    Start: { Type: 'Pass', ...start, Next: enters },
    Guard: { Type: 'Choice', ...guard },
    Work: { Type: 'Task', Resource: ARN, Next: 'Guard', ...work },
    Out: { Type: 'Succeed' },
    ...more,
  },
});

const jsonpath = (counting: Counting): Definition => ({ ...jsonata(counting), QueryLanguage: 'JSONPath' });

const goOnWhile = (condition: string): Definition => ({
  Choices: [{ Condition: `{% ${condition} %}`, Next: 'Work' }],
  Default: 'Out',
});
const endWhen = (condition: string): Definition => ({
  Choices: [{ Condition: `{% ${condition} %}`, Next: 'Out' }],
  Default: 'Work',
});
const add = (expression: string): Definition => ({ Assign: { i: `{% ${expression} %}` } });
const lapsOf = (machine: Definition, ...states: readonly string[]): number | undefined =>
  provenMachine(machine).loopOf(...(states.length === 0 ? ['Guard', 'Work'] : states))?.laps;

describe('a counter in a variable', () => {
  it.each<[string, Definition, string, number]>([
    ['counts up to below a limit', goOnWhile('$i < 5'), '$i + 1', 5],
    ['counts up to a limit', goOnWhile('$i <= 5'), '$i + 1', 6],
    ['counts in steps that do not meet the limit', goOnWhile('$i < 5'), '$i + 2', 3],
    ['counts in steps that do', goOnWhile('$i <= 6'), '$i + 2', 4],
    ['counts in fractions, whose sums stay below it', goOnWhile('$i < 1'), '$i + 0.1', 11],
    ['is written on the other side', goOnWhile('5 > $i'), '1 + $i', 5],
    ['is compared where the loop ends', endWhen('$i >= 5'), '$i + 1', 5],
    ['is one of several reasons to end', endWhen('$i > 4 or $states.input.done'), '$i + 1', 5],
    ['is one of several reasons to go on', goOnWhile('$i < 5 and $states.input.more'), '$i + 1', 5],
    ['is compared in brackets and with true', goOnWhile('($i < 5) = true'), '$i + 1', 5],
    ['is not beyond the limit', goOnWhile('$not($i >= 5)'), '$i + 1', 5],
    ['takes steps that depend on data', goOnWhile('$i < 5'), '$i + ($states.input.far ? 3 : 1)', 5],
    ['never reaches a guard that is closed', goOnWhile('$i < 0'), '$i + 1', 0],
    ['counts to a limit that is computed', goOnWhile('$i < $min([$states.input.n, 7])'), '$i + 1', 7],
  ])('%s', (_name, guard, step, laps) => {
    expect(lapsOf(jsonata({ guard, work: add(step) }))).toBe(laps);
  });

  it.each<[string, Definition, string, number]>([
    ['counts down to above a limit', goOnWhile('$i > 0'), '$i - 1', 10],
    ['counts down to a limit', goOnWhile('$i >= 0'), '$i - 1', 11],
    ['counts down in steps', goOnWhile('$i > 0'), '$i - 3', 4],
    ['is compared where the loop ends', endWhen('0 >= $i'), '$i + -1', 10],
  ])('%s', (_name, guard, step, laps) => {
    expect(lapsOf(jsonata({ start: { Assign: { i: 10 } }, guard, work: add(step) }))).toBe(laps);
  });

  it('is one step ahead where the step comes before the guard', () => {
    expect(lapsOf(jsonata({ guard: goOnWhile('$i < 5'), work: add('$i + 1'), enters: 'Work' }))).toBe(4);
  });

  it('is set by the rule of the guard itself', () => {
    const rule = { Condition: '{% $i < 5 %}', Next: 'Work', Assign: { i: '{% $i + 1 %}' } };

    expect(lapsOf(jsonata({ guard: { Choices: [rule], Default: 'Out' }, work: {} }))).toBe(5);
  });

  it('begins anywhere between what several ways set', () => {
    const machine = jsonata({
      start: { Assign: { i: '{% $states.input.a ? 2 : 3 %}' } },
      guard: goOnWhile('$i < 5'),
      work: add('$i + 1'),
    });

    expect(lapsOf(machine)).toBe(3);
  });

  it('names the guard, its ways and the rule', () => {
    expect(provenMachine(jsonata({ guard: goOnWhile('$i < 5'), work: add('$i + 1') })).loopOf('Guard', 'Work')).toEqual(
      {
        guard: 'Guard',
        targets: ['Work'],
        laps: 5,
        at: 'machine.States.Guard.Choices[0]',
      },
    );
  });

  it.each<[string, Partial<Counting>]>([
    ['is unknown at first', { start: { Assign: { i: '{% $states.input.i %}' } } }],
    ['may be a text at first', { start: { Assign: { i: '{% $states.input.a ? 0 : "0" %}' } } }],
    ['may be nothing at first', { start: {} }],
    ['has no limit', { guard: goOnWhile('$i < $states.input.n') }],
    ['is only required not to be something', { guard: goOnWhile('$i != 5') }],
    ['is only one of several reasons to go on', { guard: goOnWhile('$i < 5 or $states.input.more') }],
    ['does not count', { work: {} }],
    ['may not count', { work: add('$i + ($states.input.far ? 1 : 0)') }],
    ['counts by what is not known', { work: add('$i + $states.input.step') }],
    ['counts the wrong way', { work: add('$i - 1') }],
    ['is set back', { work: add('$states.input.again ? 0 : $i + 1') }],
    ['is multiplied', { work: add('$i * 2') }],
    ['counts in steps too small to tell', { work: add('$i + 0.0000000001') }],
    [
      'is beyond where numbers are whole',
      { start: { Assign: { i: 9_007_199_254_740_992 } }, guard: goOnWhile('$i < 9007199254740999') },
    ],
    ['has a limit that may be no number', { guard: endWhen('$i >= (0 / $states.input.n)') }],
    ['has a limit that may be missing', { guard: goOnWhile('$not($i >= $states.input.n)') }],
  ])('proves nothing where it %s', (_name, counting) => {
    expect(lapsOf(jsonata({ guard: goOnWhile('$i < 5'), work: add('$i + 1'), ...counting }))).toBeUndefined();
  });

  it('proves nothing where a caught error goes round without counting', () => {
    const caught = { ...add('$i + 1'), Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Guard' }] };
    const counted = { ...caught, Catch: [{ ...caught.Catch[0], Assign: { i: '{% $i + 1 %}' } }] };

    expect(lapsOf(jsonata({ guard: goOnWhile('$i < 5'), work: caught }))).toBeUndefined();
    expect(lapsOf(jsonata({ guard: goOnWhile('$i < 5'), work: counted }))).toBe(5);
  });

  it('proves nothing where another rule leads the same way', () => {
    const choices = [
      { Condition: '{% $i < 5 %}', Next: 'Work' },
      { Condition: '{% $states.input.more %}', Next: 'Work' },
    ];

    expect(lapsOf(jsonata({ guard: { Choices: choices, Default: 'Out' }, work: add('$i + 1') }))).toBeUndefined();
  });

  it('is untouched by what a Map or a Parallel assigns inside', () => {
    const inner = { StartAt: 'Inner', States: { Inner: { Type: 'Pass', Assign: { k: '{% $i %}' }, End: true } } };
    const work = { ...add('$i + 1'), Next: 'Fork' };
    const more = { Fork: { Type: 'Parallel', Branches: [inner], Next: 'Guard' } };

    expect(lapsOf(jsonata({ guard: goOnWhile('$i < 5'), work, more }), 'Guard', 'Work', 'Fork')).toBe(5);
  });
});

describe('a loop in a loop', () => {
  const machine: Definition = {
    QueryLanguage: 'JSONata',
    StartAt: 'Start',
    States: {
      Start: { Type: 'Pass', Assign: { i: 0 }, Next: 'Outer' },
      Outer: { Type: 'Choice', Choices: [{ Condition: '{% $i < 3 %}', Next: 'Again' }], Default: 'Out' },
      Again: { Type: 'Pass', Assign: { j: 0, i: '{% $i + 1 %}' }, Next: 'Inner' },
      Inner: { Type: 'Choice', Choices: [{ Condition: '{% $j < 4 %}', Next: 'Work' }], Default: 'Outer' },
      Work: { Type: 'Task', Resource: ARN, Assign: { j: '{% $j + 1 %}' }, Next: 'Inner' },
      Out: { Type: 'Succeed' },
    },
  };

  it('is counted after the one around it', () => {
    const { loopOf } = provenMachine(machine);

    expect(loopOf('Outer', 'Again', 'Inner', 'Work')).toMatchObject({ guard: 'Outer', laps: 3 });
    expect(loopOf('Inner', 'Work')).toMatchObject({ guard: 'Inner', laps: 4 });
  });
});

describe('a counter in the data', () => {
  const next = (Output: unknown): Counting => ({
    start: { Output: { count: 0 } },
    guard: goOnWhile('$states.input.count < 3'),
    work: { Output },
  });

  it.each<[string, unknown]>([
    ['made anew', { count: '{% $states.input.count + 1 %}', result: '{% $states.result %}' }],
    ['made by an expression', '{% {"count": $states.input.count + 1} %}'],
    ['merged', '{% $merge([$states.input, {"count": $states.input.count + 1}]) %}'],
  ])('counts where the output is %s', (_name, output) => {
    expect(lapsOf(jsonata(next(output)))).toBe(3);
  });

  it.each<[string, unknown]>([
    ['the result', undefined],
    ['merged with the result', '{% $merge([{"count": $states.input.count + 1}, $states.result]) %}'],
    ['kept', '{% $states.input %}'],
  ])('proves nothing where the output is %s', (_name, output) => {
    expect(lapsOf(jsonata(next(output)))).toBeUndefined();
  });
});

describe('a counter of JSONPath', () => {
  const start = { Result: { index: 0, count: 5 }, ResultPath: '$.iterator' };
  const step = {
    Type: 'Pass',
    Parameters: { 'index.$': 'States.MathAdd($.iterator.index, 1)', 'count.$': '$.iterator.count' },
    ResultPath: '$.iterator',
    Next: 'Guard',
  };
  const goOn = (rule: Definition): Definition => ({ Choices: [{ ...rule, Next: 'Work' }], Default: 'Out' });
  const counting = (rule: Definition, work: Definition = { ResultPath: null }): Definition =>
    jsonpath({ start, guard: goOn(rule), work: { ...work, Next: 'Step' }, more: { Step: step } });
  const index = (rule: Definition): Definition => ({ Variable: '$.iterator.index', ...rule });

  it.each<[string, Definition, number]>([
    ['a number', index({ NumericLessThan: 3 }), 3],
    ['a number, inclusive', index({ NumericLessThanEquals: 3 }), 4],
    ['what lies beside it', index({ NumericLessThanPath: '$.iterator.count' }), 5],
    ['a number, negated', { Not: index({ NumericGreaterThanEquals: 3 }) }, 3],
    [
      'a number among other conditions',
      { And: [index({ NumericLessThan: 3 }), { Variable: '$.x', IsPresent: true }] },
      3,
    ],
  ])('is compared with %s', (_name, rule, laps) => {
    expect(lapsOf(counting(rule), 'Guard', 'Work', 'Step')).toBe(laps);
  });

  it('survives results beside it', () => {
    expect(lapsOf(counting(index({ NumericLessThan: 3 }), { ResultPath: '$.result' }), 'Guard', 'Work', 'Step')).toBe(
      3,
    );
  });

  it.each<[string, Definition]>([
    ['in its place', {}],
    ['around it', { ResultPath: '$.iterator' }],
    ['and filters the rest away', { ResultPath: '$.x', OutputPath: '$.x' }],
  ])('does not survive a result that is put %s', (_name, work) => {
    expect(lapsOf(counting(index({ NumericLessThan: 3 }), work), 'Guard', 'Work', 'Step')).toBeUndefined();
  });

  it('lies in a variable, too', () => {
    const machine = jsonpath({
      start: { Assign: { i: 0 } },
      guard: goOn({ Variable: '$i', NumericLessThan: 3 }),
      work: { Assign: { 'i.$': 'States.MathAdd($i, 1)' } },
    });

    expect(lapsOf(machine)).toBe(3);
  });

  it('proves nothing where it may be no number, for which no comparison holds', () => {
    const guard = { Choices: [{ Variable: '$i', NumericGreaterThan: 3, Next: 'Out' }], Default: 'Work' };
    const work = { Assign: { 'i.$': 'States.MathAdd($i, 1)' } };

    expect(lapsOf(jsonpath({ start: { Assign: { i: 0 } }, guard, work }))).toBe(4);
    expect(lapsOf(jsonpath({ start: { Assign: { 'i.$': '$.i' } }, guard, work }))).toBeUndefined();
    expect(lapsOf(jsonpath({ start: { Assign: { i: '0' } }, guard, work }))).toBeUndefined();
  });

  it('is not moved by steps that are rounded away', () => {
    const guard = goOn({ Variable: '$i', NumericLessThan: 3 });
    const machine = jsonpath({
      start: { Assign: { i: 0 } },
      guard,
      work: { Assign: { 'i.$': 'States.MathAdd($i, 0.4)' } },
    });

    expect(lapsOf(machine)).toBeUndefined();
  });
});
