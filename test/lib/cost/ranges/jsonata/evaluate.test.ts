import fc from 'fast-check';
import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { queryFunctions } from '../../../../../lib/asl/query-functions.ts';
import { evaluate } from '../../../../../lib/cost/ranges/jsonata/evaluate.ts';
import { readExpression } from '../../../../../lib/cost/ranges/jsonata/read-expression.ts';
import { type AbstractValue, ANYTHING, IMPOSSIBLE } from '../../../../../lib/cost/ranges/values/abstract-value.ts';
import { constant } from '../../../../../lib/cost/ranges/values/constant.ts';
import { join, widen } from '../../../../../lib/cost/ranges/values/join.ts';
import { select } from '../../../../../lib/cost/ranges/values/select.ts';
import type { View } from '../../../../../lib/cost/ranges/view.ts';
import { jsonataTexts } from '../../../../support/jsonata-texts.ts';
import { contains } from '../../../../support/value-containment.ts';

/** JSON in the shapes that expressions of state machines look into. */
const { json } = fc.letrec<Record<'json', unknown>>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.integer({ min: -3, max: 8 }),
    fc.constantFrom(0.5, 'a', 'b', '2', true, false, null),
    fc.array(tie('json'), { maxLength: 5 }),
    fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 5 }),
    fc.record({ a: tie('json'), b: tie('json') }, { requiredKeys: [] }),
    fc.array(fc.record({ a: tie('json'), b: fc.integer({ min: 0, max: 4 }) }, { requiredKeys: [] }), { maxLength: 5 }),
  ),
}));

/** A value with what is known of it: exactly, as one of several, as what grows, or not at all. */
const known = fc
  .tuple(json, json, fc.constantFrom('exact', 'either', 'grown', 'anything'))
  .map(([actual, other, how]) => ({ actual, abstract: abstractionOf(actual, other, how) }));

function abstractionOf(actual: unknown, other: unknown, how: string): AbstractValue {
  switch (how) {
    case 'exact':
      return constant(actual);
    case 'either':
      return join(constant(other), constant(actual));
    case 'grown':
      return widen(constant(other), constant(actual));
    default:
      return ANYTHING;
  }
}

const world = fc.record({ n: known, m: known, l: known, o: known, z: known, input: known });
type World = typeof world extends fc.Arbitrary<infer Value> ? Value : never;

const viewOf = (values: World): View => ({
  read: ({ name, path }) => {
    if (name === 'states') return path[0] === 'input' ? select(values.input.abstract, path.slice(1)) : ANYTHING;
    const value = new Map(Object.entries(values)).get(name);
    return value === undefined || name === 'input' ? ANYTHING : select(value.abstract, path);
  },
  locals: new Set(),
});

const FUNCTIONS = queryFunctions({
  timestamp: '2026-11-20T00:00:00Z',
  chance: { number: () => 0.5, uuid: () => 'id' },
  hash: () => '',
});

/** Step Functions takes no number that is none, or is infinite. */
function requireFinite(_name: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('not finite');
  return value;
}

/** What an expression gives for actual values; where it throws, nothing has been claimed. */
async function actualOf(
  text: string,
  { n, m, l, o, z, input }: World,
): Promise<{ readonly value: unknown } | 'throws'> {
  const variables = { n: n.actual, m: m.actual, l: l.actual, o: o.actual, z: z.actual };
  const bindings = structuredClone({ ...variables, states: { input: input.actual } });
  try {
    const value: unknown = await jsonata(text, { stack: 500 }).evaluate(undefined, { ...FUNCTIONS, ...bindings });
    return { value: value === undefined ? undefined : JSON.parse(JSON.stringify(value, requireFinite)) };
  } catch {
    return 'throws';
  }
}

const NOTHING_KNOWN: View = { read: () => ANYTHING, locals: new Set() };
const given = (text: string, view: View = NOTHING_KNOWN): AbstractValue => evaluate(readExpression(text), view);

describe('the range of a JSONata expression', () => {
  it('holds whatever JSONata itself gives', async () => {
    let evaluated = 0;
    await fc.assert(
      fc.asyncProperty(jsonataTexts, world, async (text, values) => {
        const actual = await actualOf(text, values);
        if (actual === 'throws') return;
        evaluated += 1;
        const abstract = evaluate(readExpression(text), viewOf(values));
        expect(contains(abstract, actual.value), `${text} gave ${JSON.stringify(actual.value)}`).toBe(true);
      }),
      { numRuns: 3_000 },
    );
    expect(evaluated).toBeGreaterThan(500);
  });

  it.each([
    ['1 + 2 * 3', 7],
    ['-$min([4, 2]) + $max([1, 5])', 3],
    ["'G.' & 1 & 'X'", 'G.1X'],
    ['$string(4)', '4'],
    ['$count([1, [2], [3, 4]])', 3],
    ['[1..3]', [1, 2, 3]],
    ['{"a": [1], "b": {"c": null}}', { a: [1], b: { c: null } }],
    ['{"a": 1}.a', 1],
    ['$merge([{"a": 1}, {"a": 2, "b": 3}])', { a: 2, b: 3 }],
    ['$map([1, 2], function($v, $i) { $v + $i })', [1, 3]],
    ['(2 > 1) ? "yes" : "no"', 'yes'],
    ['($a := 2; $b := $a + 1; $a * $b)', 6],
    ['[3, 4] ~> $sum', 7],
    ['[1, 2, 3][-1]', 3],
  ])('of %s is the one value that it has', (text, expected) => {
    expect(given(text)).toEqual(constant(expected));
  });

  it('knows a clamped number, whatever is clamped', () => {
    expect(given('$min([$x, 10])')).toMatchObject({ numbers: { low: Number.NEGATIVE_INFINITY, high: 10 } });
  });

  it.each([
    '$unknown',
    '$f(1)',
    '$parse("{}")',
    '$x.*',
    'a.b',
    '$$',
    '$eval("1")',
    '$x{"a": 1}',
    '1 +',
    '$x^(a)',
    '2 % 0',
  ])('of %s is anything', (text) => {
    expect(given(text)).toMatchObject({ kind: 'anything' });
  });

  it('of what always fails is nothing at all', () => {
    expect(given('$error("no")')).toEqual(IMPOSSIBLE);
    expect(given('{"a": 1 + $error("no")}')).toEqual(IMPOSSIBLE);
  });

  it('survives texts that nest without end', () => {
    expect(given(`${'('.repeat(20_000)}1${')'.repeat(20_000)}`)).toEqual(ANYTHING);
    expect(given(`${'-'.repeat(5_000)}$x`)).toMatchObject({ kind: 'anything' });
  });

  it('takes a local variable for what it was bound to, in its block only', () => {
    expect(given('($x := 3; $x)', only('x', 1))).toEqual(constant(3));
    expect(given('[($x := 3; $x), $x]', only('x', 1))).toEqual(constant([3, 1]));
    expect(given('([$x := 3]; $x)', only('x', 1))).toEqual(ANYTHING);
    expect(given('($count := function($v) { 0 }; $count([1]))')).toEqual(ANYTHING);
  });
});

const only = (name: string, value: unknown): View => ({
  read: (place) => (place.name === name ? select(constant(value), place.path) : ANYTHING),
  locals: new Set(),
});

/** Of a value of which nothing is known, how many items a Map has at most. */
const mostItems = (text: string): number => {
  const value = given(text);
  if (value.kind === 'anything') return Number.POSITIVE_INFINITY;
  return value.lists?.most ?? 0;
};

describe('the length of a list of unknown origin', () => {
  it.each([
    ['$count($x.a) <= 4 ? [$x.a] : []', 4],
    ['$count($x) < 4 ? [$x]', 3],
    ['$count($x) > 4 ? [] : [$x]', 4],
    ['$exists($x) and $count($x) <= 4 ? [$x]', 4],
    ['[($x.a.{"b": b})[[0..3]]]', 4],
    ['[$map($x, function($v) { {"b": $v.b} })[[0..3]]]', 4],
    ['[($x.{"b": b})[0]]', 1],
    ['[$filter([1, 2, 3], function($v) { $v > $x })]', 3],
    ['[0..9][$ > $x]', 10],
    ['[[0..9][$ > $x]]', 1],
    ['[0..$min([$x, 9])]', 10],
    ['[1..($x < 9 ? $min([$max([0, $x]), 8]) : 9)]', 9],
    ['$split($x, ",", 5)', 5],
  ])('%s has at most %d elements', (text, most) => {
    expect(mostItems(text)).toBe(most);
  });

  /** Each with data of which it makes more elements than it seems to. */
  it.each([
    ['[$x.a[[0..3]]]', { x: [{ a: [1, 2, 3, 4] }, { a: [5] }] }],
    ['[$x[[0..3]]]', { x: [[1, 2, 3, 4, 5]] }],
    ['[($x.a)[[0..3]]]', { x: { a: [[1, 2, 3, 4, 5]] } }],
    ['[$filter($x, function($v, $i) { $i < 4 })]', { x: [[1, 2, 3, 4, 5]] }],
    ['[$partition($x, 4)[0]]', null],
    ['[$x[$y]]', { x: [1], y: [0, 0, 0, 0, 0] }],
    ['$count($x) <= 4 ? [$x.a]', { x: [{ a: [1, 2, 3, 4, 5] }] }],
    ['[$x.a]', { x: [{ a: [1, 2, 3] }, { a: [4, 5] }] }],
  ])('nothing is claimed of %s', async (text, data) => {
    if (data !== null) expect(await jsonata(text).evaluate(undefined, data)).toHaveLength(5);

    expect(mostItems(text)).toBe(Number.POSITIVE_INFINITY);
  });
});
