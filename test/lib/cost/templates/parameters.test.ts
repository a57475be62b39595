// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what Fn::Sub and DefinitionSubstitutions replace
import { describe, expect, it } from 'vitest';
import { must } from '../../../../lib/errors/fault.ts';
import { problemsOf, setOf, templateOf, valuesOf } from './app-under-test.ts';

const open = (reason: string) => [{ decidedBy: 'deployment', reason }];

describe('parameters', () => {
  it.each<[string, object, string | undefined, unknown[]]>([
    ['a given number', { Type: 'Number' }, '5', [5]],
    ['a given number that JSON writes otherwise', { Type: 'Number' }, '5.0', ['5.0']],
    ['a given text', { Type: 'String' }, '5', ['5']],
    ['a given list', { Type: 'CommaDelimitedList' }, 'a, b', [['a', 'b']]],
    ['a given list of numbers', { Type: 'List<Number>' }, '1,2', [[1, 2]]],
    ['allowed values', { Type: 'String', AllowedValues: ['G.1X', 'G.2X'] }, undefined, ['G.1X', 'G.2X']],
    ['allowed numbers', { Type: 'Number', AllowedValues: ['1', 2] }, undefined, [1, 2]],
    ['one allowed value', { Type: 'Number', AllowedValues: [3], Default: 3 }, undefined, [3]],
    [
      'a greatest value alone',
      { Type: 'Number', MaxValue: 10 },
      undefined,
      open(
        'decided by the parameter app/Workers: AllowedValues, a MinValue and a MaxValue or --parameter Workers=… would limit it',
      ),
    ],
    ['an interval of one', { Type: 'Number', MinValue: 3, MaxValue: 3 }, undefined, [3]],
    ['an interval', { Type: 'Number', MinValue: '2', MaxValue: '10' }, undefined, [2, 10]],
    ['a given value before allowed ones', { Type: 'Number', AllowedValues: [1, 2] }, '2', [2]],
    [
      'no parameter',
      { Type: 'Number' },
      undefined,
      open(
        'decided by the parameter app/Workers: AllowedValues, a MinValue and a MaxValue or --parameter Workers=… would limit it',
      ),
    ],
    [
      'an empty list of allowed values, which is reported elsewhere',
      { Type: 'String', AllowedValues: [] },
      undefined,
      open('decided by the parameter app/Workers: AllowedValues or --parameter Workers=… would limit it'),
    ],
    [
      'a default alone',
      { Type: 'String', Default: 'x' },
      undefined,
      open(
        'decided by the parameter app/Workers, whose Default a deployment can override: AllowedValues or --parameter Workers=… would limit it',
      ),
    ],
    [
      'a MaxValue of a text',
      { Type: 'String', MaxValue: 10 },
      undefined,
      open('decided by the parameter app/Workers: AllowedValues or --parameter Workers=… would limit it'),
    ],
    [
      'Systems Manager',
      { Type: 'AWS::SSM::Parameter::Value<Number>', Default: '/a' },
      '3',
      open('read from Systems Manager at deployment, by the parameter app/Workers'),
    ],
  ])('can be proven by %s', (_, declaration, given, expected) => {
    const parameters: Readonly<Record<string, string>> = given === undefined ? {} : { Workers: given };

    expect(valuesOf({ Ref: 'Workers' }, { Parameters: { Workers: declaration } }, { parameters })).toEqual(expected);
  });

  it('are shown by their names where a mapping is named by one', () => {
    const [value] = valuesOf(
      { 'Fn::FindInMap': [{ Ref: 'Map' }, 'a', 'b'] },
      { Parameters: { Map: { Type: 'String' } } },
    );

    expect(JSON.stringify(value)).not.toMatch(/[\uE000-\uE1FF]/);
  });

  it('prefers the value for one stack', () => {
    const Parameters = { Workers: { Type: 'Number' } };
    const parameters = { Workers: '2', 'app/Workers': '3' };
    const template = templateOf({ Ref: 'Workers' }, { Parameters });
    const set = setOf(template, { parameters, others: [{ stack: 'other', template }] });

    expect(set.variantsOf(must(set.find('app/Job'), 'Job'), ['Value'])).toEqual([{ Value: 3 }]);
    expect(set.variantsOf(must(set.find('other/Job'), 'Job'), ['Value'])).toEqual([{ Value: 2 }]);
  });

  it('reports values that no parameter takes', () => {
    const Parameters = {
      Workers: { Type: 'Number', MaxValue: 10 },
      Kind: { Type: 'String', AllowedValues: ['a', 'b'] },
      Count: { Type: 'Number' },
    };
    const parameters = { Workers: '11', 'app/Kind': 'c', Count: 'many', Worker: '1', 'web/Count': '1' };

    expect(problemsOf(templateOf(1, { Parameters }), { parameters })).toEqual([
      "invalid-option --parameter Workers: gives '11', which app/Workers does not allow",
      "invalid-option --parameter Kind: gives 'c', which app/Kind does not allow",
      "invalid-option --parameter Count: gives 'many', which app/Count does not allow",
      'invalid-option --parameter Worker: names a parameter that none of the stacks has',
      'invalid-option --parameter web/Count: names a parameter that none of the stacks has',
    ]);
  });

  it('takes both ends of an interval for one number, the same one everywhere', () => {
    const Parameters = { Workers: { Type: 'Number', MinValue: 1, MaxValue: 10 } };

    expect(valuesOf({ a: { Ref: 'Workers' }, b: [{ Ref: 'Workers' }] }, { Parameters })).toEqual([
      { a: 1, b: [1] },
      { a: 10, b: [10] },
    ]);
  });

  it('does not take the ends of an interval for all of it where they are compared or written', () => {
    const Parameters = { Workers: { Type: 'Number', MinValue: 1, MaxValue: 10 } };
    const Conditions = { IsFive: { 'Fn::Equals': [{ Ref: 'Workers' }, 5] } };
    const Mappings = { Types: { G: { '1': 'small', '5': 'huge', '10': 'medium' } } };
    const sections = { Parameters, Conditions, Mappings };

    expect(valuesOf({ 'Fn::If': ['IsFive', 100, 1] }, sections)).toEqual([1, 100]);
    expect(valuesOf({ 'Fn::FindInMap': ['Types', 'G', { Ref: 'Workers' }] }, sections)).toEqual([
      'small',
      'huge',
      'medium',
    ]);
    expect(valuesOf({ 'Fn::Sub': 'G.${Workers}X' }, sections)).toEqual(
      open(
        'decided by the parameter app/Workers, whose range limits it as a number, not within a text: AllowedValues would',
      ),
    );
  });
});
