// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what Fn::Sub replaces
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valuesOf } from './app-under-test.ts';
import { evaluateNaively } from './naive-evaluator.ts';

describe('random values without conditions', () => {
  const literal = fc.oneof(
    fc.string({ maxLength: 4 }).filter((text) => !/[@${}\uE000-\uF8FF]/.test(text)),
    fc.nat(99),
    fc.boolean(),
  );
  const { text, list, any } = fc.letrec<{ text: unknown; list: unknown; any: unknown }>((tie) => ({
    text: fc.oneof(
      { depthSize: 'small' },
      literal,
      fc.constantFrom(
        { Ref: 'AWS::Region' },
        { Ref: 'Kind' },
        { Ref: 'Queue' },
        { 'Fn::GetAtt': ['Queue', 'Arn'] },
        { 'Fn::FindInMap': ['M', 'a', 'b'] },
      ),
      fc.tuple(fc.constantFrom('-', ',', ''), tie('list')).map((argument) => ({ 'Fn::Join': argument })),
      fc.tuple(tie('text'), tie('text')).map(([a, b]) => ({ 'Fn::Sub': ['<${a}|${b}|${a}|${Queue}>', { a, b }] })),
      fc
        .tuple(fc.nat(2), fc.array(tie('text'), { minLength: 3, maxLength: 3 }))
        .map((argument) => ({ 'Fn::Select': argument })),
      tie('any').map((value) => ({ 'Fn::ToJsonString': { value } })),
    ),
    list: fc.oneof(
      { depthSize: 'small' },
      fc.array(tie('text'), { maxLength: 3 }),
      fc.tuple(fc.constantFrom('-', ','), literal.map(String)).map((argument) => ({ 'Fn::Split': argument })),
    ),
    any: fc.oneof(
      { depthSize: 'small' },
      tie('text'),
      tie('list'),
      fc.dictionary(fc.constantFrom('x', 'y'), tie('any')),
    ),
  }));

  it('are what a naive evaluator makes of them', () => {
    const sectionsOf = { Parameters: { Kind: { Type: 'String' } }, Mappings: { M: { a: { b: 'mapped' } } } };
    const given = { parameters: { Kind: 'given' } };
    fc.assert(
      fc.property(fc.oneof(text, list, any), (value) => {
        expect(valuesOf(value, sectionsOf, given)).toEqual([
          evaluateNaively(value, { parameters: { Kind: 'given' }, conditions: {} }),
        ]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('random values with conditions', () => {
  const ALLOWED = { Small: ['x', 'y'], Large: ['x', 'y', 'z'] } as const;
  /** Some of what an open parameter may be. */
  const OPEN = ['x', 'y', 'z', 'other'];
  const Parameters = {
    Small: { Type: 'String', AllowedValues: ALLOWED.Small },
    Large: { Type: 'String', AllowedValues: ALLOWED.Large },
    Open: { Type: 'String', Default: 'x' },
  };

  /** Five conditions: each may use those before it. */
  const conditionsOn = (...parameters: readonly string[]) => {
    const side = fc.oneof(
      fc.constantFrom(...parameters).map((name) => ({ Ref: name })),
      fc.constantFrom('x', 'y', 'z'),
    );
    const decision = (before: readonly string[]): fc.Arbitrary<unknown> => {
      const equals = fc.tuple(side, side).map((sides) => ({ 'Fn::Equals': sides }));
      const operand: fc.Arbitrary<unknown> =
        before.length === 0
          ? equals
          : fc.oneof(
              equals,
              fc.constantFrom(...before).map((name) => ({ Condition: name })),
            );
      return fc.oneof(
        operand,
        operand.map((item) => ({ 'Fn::Not': [item] })),
        fc.tuple(operand, operand).map((items) => ({ 'Fn::And': items })),
        fc.tuple(operand, operand, operand).map((items) => ({ 'Fn::Or': items })),
      );
    };
    const names = ['C0', 'C1', 'C2', 'C3', 'C4'];
    return fc.record(Object.fromEntries(names.map((name, place) => [name, decision(names.slice(0, place))])));
  };

  const { value: chosen } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<unknown>('a', 1, { Ref: 'Small' }, { Ref: 'Large' }),
      fc
        .tuple(fc.constantFrom('C0', 'C1', 'C2', 'C3', 'C4'), tie('value'), tie('value'))
        .map((argument) => ({ 'Fn::If': argument })),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.tuple(tie('value'), tie('value')).map(([p, q]) => ({ p, q })),
    ),
  }));

  const deployments = (opens: readonly string[]) =>
    ALLOWED.Small.flatMap((Small) => ALLOWED.Large.flatMap((Large) => opens.map((Open) => ({ Small, Large, Open }))));
  const texts = (values: readonly unknown[]) => new Set(values.map((value) => JSON.stringify(value)));
  const naiveTexts = (value: unknown, conditions: Readonly<Record<string, unknown>>, opens: readonly string[]) =>
    texts(deployments(opens).map((parameters) => evaluateNaively(value, { parameters, conditions })));

  it('are exactly what deployments can choose of allowed values', () => {
    fc.assert(
      fc.property(chosen, conditionsOn('Small', 'Large'), (value, Conditions) => {
        const values = valuesOf(value, { Parameters, Conditions });

        expect(texts(values)).toEqual(naiveTexts(value, Conditions, ['x']));
        expect(values).toHaveLength(texts(values).size);
      }),
      { numRuns: 1000 },
    );
  });

  it('leave out nothing that a deployment can choose of open parameters', () => {
    fc.assert(
      fc.property(chosen, conditionsOn('Small', 'Large', 'Open'), (value, Conditions) => {
        const found = texts(valuesOf(value, { Parameters, Conditions }));
        const missing = [...naiveTexts(value, Conditions, OPEN)].filter((text) => !found.has(text));

        expect([...found].some((text) => text.includes('too many')) ? [] : missing).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
