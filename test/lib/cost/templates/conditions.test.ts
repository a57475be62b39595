import { describe, expect, it } from 'vitest';
import { must } from '../../../../lib/errors/fault.ts';
import { setOf, valuesOf } from './app-under-test.ts';

const when = (condition: string, whereTrue: unknown, whereFalse: unknown) => ({
  'Fn::If': [condition, whereTrue, whereFalse],
});
const Parameters = {
  Stage: { Type: 'String', Default: 'test' },
  Size: { Type: 'String', AllowedValues: ['s', 'm', 'l'] },
};
const equals = (parameter: string, value: string) => ({ 'Fn::Equals': [{ Ref: parameter }, value] });

describe('conditions', () => {
  it.each<[string, unknown, unknown[]]>([
    ['equal literals', { 'Fn::Equals': ['1', 1] }, ['yes']],
    ['different literals', { 'Fn::Equals': ['a', 'b'] }, ['no']],
    ['a region', { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] }, ['yes']],
    ['an account, which is not known', { 'Fn::Equals': [{ Ref: 'AWS::AccountId' }, '000000000000'] }, ['no', 'yes']],
    ['an open parameter', equals('Stage', 'prod'), ['no', 'yes']],
    ['the same open parameter', { 'Fn::Equals': [{ Ref: 'Stage' }, { Ref: 'Stage' }] }, ['yes']],
    ['negation', { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] }, ['yes']],
    ['all', { 'Fn::And': [equals('Stage', 'prod'), { 'Fn::Equals': ['a', 'b'] }] }, ['no']],
    ['any', { 'Fn::Or': [{ Condition: 'Always' }, equals('Stage', 'prod')] }, ['yes']],
    ['a parameter of few values', equals('Size', 'xl'), ['no']],
    ['lists', { 'Fn::Equals': [['a'], ['a']] }, ['yes']],
  ])('decides %s', (_, condition, expected) => {
    const Conditions = { Chosen: condition, Always: { 'Fn::Equals': ['', ''] } };

    expect(valuesOf(when('Chosen', 'yes', 'no'), { Conditions, Parameters })).toEqual(expected);
  });

  it('decides a condition once for each combination', () => {
    const Conditions = { IsProd: equals('Stage', 'prod'), IsTest: { 'Fn::Not': [{ Condition: 'IsProd' }] } };
    const value = {
      a: when('IsProd', 1, 2),
      b: when('IsTest', 10, 20),
      c: when('IsProd', when('IsProd', 'x', 'y'), 'z'),
    };

    expect(valuesOf(value, { Conditions, Parameters })).toEqual([
      { a: 2, b: 10, c: 'z' },
      { a: 1, b: 20, c: 'x' },
    ]);
  });

  it('lets allowed values and conditions on them agree', () => {
    const Conditions = { IsLarge: equals('Size', 'l') };

    expect(valuesOf([{ Ref: 'Size' }, when('IsLarge', 9, 1)], { Conditions, Parameters })).toEqual([
      ['s', 1],
      ['m', 1],
      ['l', 9],
    ]);
  });

  it('leaves out what a condition takes away', () => {
    const value = { a: when('IsProd', { Ref: 'AWS::NoValue' }, 1) };

    expect(valuesOf(value, { Conditions: { IsProd: equals('Stage', 'prod') }, Parameters })).toEqual([{ a: 1 }, {}]);
  });

  it('has no resource whose condition is decided, and assumes that of the others', () => {
    const set = setOf({
      Parameters,
      Conditions: {
        Never: { 'Fn::Equals': ['a', 'b'] },
        IsProd: equals('Stage', 'prod'),
        Contradiction: { 'Fn::And': [{ Condition: 'IsProd' }, { 'Fn::Not': [{ Condition: 'IsProd' }] }] },
      },
      Resources: {
        Off: { Type: 'A::B::C', Condition: 'Never' },
        Impossible: { Type: 'A::B::C', Condition: 'Contradiction' },
        On: { Type: 'A::B::C', Condition: 'IsProd', Properties: { Size: when('IsProd', 5, 1) } },
      },
    });

    expect(set.resources.map(({ address, condition }) => [address, condition])).toEqual([['app/On', 'IsProd']]);
    expect(set.find('app/Off')).toBeUndefined();
    expect(set.variantsOf(must(set.find('app/On'), 'On'), ['Size'])).toEqual([{ Size: 5 }]);
  });

  it('gives up on too many combinations, not on what does not depend on them', () => {
    const names = Array.from({ length: 9 }, (_, index) => `C${index}`);
    const Conditions = Object.fromEntries(names.map((name) => [name, equals('Stage', name)]));
    const value = { many: names.map((name) => when(name, 1, 2)), plain: 5 };

    const [variant, ...others] = valuesOf(value, { Conditions, Parameters });

    expect(others).toEqual([]);
    expect(variant).toMatchObject({ plain: 5 });
    expect(variant).toMatchObject({
      many: names.map(() => ({
        decidedBy: 'deployment',
        reason: 'one of too many combinations of conditions and parameters',
      })),
    });
  });

  it('tells apart as many combinations as it says', () => {
    const names = Array.from({ length: 8 }, (_, index) => `C${index}`);
    const Conditions = Object.fromEntries(names.map((name) => [name, equals('Stage', name)]));

    expect(
      valuesOf(
        names.map((name) => when(name, 1, 2)),
        { Conditions, Parameters },
      ),
    ).toHaveLength(256);
  });
});
