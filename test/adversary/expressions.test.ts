import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { Chance } from './chance.ts';
import { compileRule } from './choices.ts';
import { compileExpression, type Sight } from './expressions.ts';
import { compilePath } from './templates.ts';
import { UNKNOWN, withValueAt } from './values.ts';

/** Arithmetic below comparisons below logic, as the types demand. */
function randomNumber(chance: Chance, depth: number): string {
  if (depth === 0 || chance.happens(0.3)) return chance.pick('$n', '$m.size', '2', '0.5', '7', '$states.input.count');
  return `(${randomNumber(chance, depth - 1)} ${chance.pick('+', '-', '*')} ${randomNumber(chance, depth - 1)})`;
}

function randomTruth(chance: Chance, depth: number): string {
  const compared = `${randomNumber(chance, 1)} ${chance.pick('<', '<=', '>', '>=', '=', '!=')} ${randomNumber(chance, 1)}`;
  if (depth === 0) return compared;
  const part = (): string => (chance.happens(0.2) ? `$not(${compared})` : `(${randomTruth(chance, depth - 1)})`);
  return `${part()} ${chance.pick('and', 'or')} ${part()}`;
}

describe("the adversary's expressions", () => {
  it('mean what JSONata says they mean', async () => {
    const chance = new Chance(7);
    const variables = { n: 3, m: { size: 5 } };
    const input = { count: 2 };
    for (let round = 0; round < 500; round += 1) {
      const text = chance.happens(0.5) ? randomTruth(chance, 2) : randomNumber(chance, 3);

      const value = compileExpression(text)({ input, variables });

      const expected: unknown = await jsonata(text).evaluate({}, { ...variables, states: { input } });
      expect(value, text).toBe(expected);
    }
  });

  it.each([
    ['$n < 3', UNKNOWN],
    ['$known < 3 and $n < 3', UNKNOWN],
    ['$known > 3 and $n < 3', false],
    ['$known < 3 or $n < 3', true],
    ['$n + 1', UNKNOWN],
    ['$missing + 1', undefined],
    ['$states.result.n', UNKNOWN],
  ])('are open as far as what comes from outside is: %s', (text, expected) => {
    expect(compileExpression(text)({ input: UNKNOWN, variables: { n: UNKNOWN, known: 1 } })).toBe(expected);
  });

  it('may be anything where the adversary cannot read them', () => {
    expect(compileExpression('$n ~> $f')({ input: UNKNOWN, variables: { n: 1 } })).toBe(UNKNOWN);
  });
});

describe("the adversary's paths and rules", () => {
  const sight: Sight = { input: withValueAt(UNKNOWN, ['loop', 'count'], 4), variables: { n: 2 } };

  it.each([
    ['$.loop.count', 4],
    ['$.loop.other', UNKNOWN],
    ['$.else', UNKNOWN],
    ['$n', 2],
    ['States.MathAdd($.loop.count, 2)', 6],
    ['States.MathAdd($n, 0.4)', 2],
    ['States.ArrayLength($.rows)', UNKNOWN],
  ])('%s', (path, expected) => {
    expect(compilePath(path)(sight)).toBe(expected);
  });

  it.each([
    [{ Variable: '$n', NumericLessThan: 3 }, true],
    [{ Variable: '$n', NumericGreaterThanEquals: 3 }, false],
    [{ Variable: '$n', NumericLessThanPath: '$.loop.count' }, true],
    [{ Variable: '$n', StringEquals: '2' }, false],
    [{ Variable: '$.else', BooleanEquals: true }, UNKNOWN],
    [{ Not: { Variable: '$n', NumericEquals: 2 } }, false],
    [
      {
        And: [
          { Variable: '$.else', IsPresent: true },
          { Variable: '$n', NumericEquals: 2 },
        ],
      },
      UNKNOWN,
    ],
    [
      {
        Or: [
          { Variable: '$n', NumericEquals: 2 },
          { Variable: '$.else', IsPresent: true },
        ],
      },
      true,
    ],
  ])('%j', (rule, expected) => {
    expect(compileRule(rule)(sight)).toBe(expected);
  });
});
