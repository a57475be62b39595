import { describe, expect, it } from 'vitest';
import { createChance } from '../../../lib/asl/chance.ts';
import type { JsonValue } from '../../../lib/asl/json.ts';
import { createEvaluator } from '../../../lib/asl/query.ts';
import { nodeHash } from '../../support/execution-replay.ts';

const TIMESTAMP = '2026-11-20T04:05:06.789Z';

const evaluate = (template: JsonValue, seed = 'seed') =>
  createEvaluator().evaluate(template, 'Output', {
    states: { input: { rows: [1, 2, 3], text: 'a' } },
    variables: { limit: 2 },
    functions: { timestamp: TIMESTAMP, chance: createChance(seed, nodeHash), hash: nodeHash },
  });

const resultOf = async (expression: string, seed?: string) => evaluate(`{% ${expression} %}`, seed);

describe('expressions', () => {
  it('are replaced wherever they stand in a template; everything else stays', async () => {
    const template = { a: ['{% $limit %}', ' {% $limit %}', null], b: { c: '{% $states.input.text %}' } };

    expect(await evaluate(template)).toEqual({ ok: true, value: { a: [2, ' {% $limit %}', null], b: { c: 'a' } } });
  });

  it.each([
    ['$partition([1, 2, 3], $limit)', [[1, 2], [3]]],
    ['$partition([], 2)', []],
    ['$range(1, 9, 4)', [1, 5, 9]],
    ['$range(3, 1, -1)', [3, 2, 1]],
    ['$range(0, 1, 0.5)', [0, 0.5, 1]],
    ['$range(7, 7, 1)', 7],
    ["$hash('a', 'MD5')", '0cc175b9c0f1b6a831c399e269772661'],
    ["$hash('a', 'SHA-1')", '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'],
    ["$hash('a', 'SHA-256')", 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
    [`$parse('{"a": [1, "b"]}').a[0]`, 1],
    ["$parse('-0')", 0],
    ['$millis()', Date.parse(TIMESTAMP)],
    ['$now()', TIMESTAMP],
    ["$now('[Y]-[M01]')", '2026-11'],
    ["$toMillis('2001-01-05T00:00:00Z')", Date.UTC(2001, 0, 5)],
    ["$toMillis('2001-01-05T00:00:00')", Date.UTC(2001, 0, 5)],
    ['$count($states.input.rows[$ > 1])', 2],
    ["$states.input.rows.{'row': $}", [{ row: 1 }, { row: 2 }, { row: 3 }]],
  ])('%s gives %j', async (expression, value) => {
    expect(await resultOf(expression)).toEqual({ ok: true, value });
  });

  it.each([
    ['$states.input.nothing', 'returned nothing (undefined).'],
    ['$range(1, 0, 1)', 'returned nothing (undefined).'],
    ['function($x) { $x }', 'returned an unsupported result type.'],
    ["{'f': $uppercase}", 'returned an unsupported result type.'],
    ['$sum(1', 'threw an error during evaluation. S0203'],
    ['$unknown()', 'threw an error during evaluation. T1006'],
    ['$range(1, 2, 0)', 'step == 0'],
    ['$range(1, 2000, 1)', 'at most 1000'],
    ['$partition([1], 0)', 'chunk size == 0'],
    ["$hash('a', 'CRC')", 'allowed: MD5, SHA-1, SHA-256, SHA-384, SHA-512'],
    ["$parse('{')", 'threw an error during evaluation.'],
    ["$eval('1')", '$eval is not supported'],
    ["$toMillis('5', '[M]')", 'a picture is not supported'],
    ['$random(0.5)', 'must be an integer'],
  ])('%s fails: %s', async (expression, problem) => {
    expect(await resultOf(expression)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });

  it('name the field and quote the expression in a problem', async () => {
    const evaluated = await evaluate({ rows: '{% $missing %}' });

    expect(evaluated).toEqual({
      ok: false,
      problem: "The JSONata expression '$missing' specified for the field 'Output/rows' returned nothing (undefined).",
    });
  });

  it('draw from the seed alone: equal seeds give equal values, others do not', async () => {
    const drawn = '[$random(), $random(), $uuid(), $uuid(), $shuffle([1..20])]';

    expect(await resultOf(drawn)).toEqual(await resultOf(drawn));
    expect(await resultOf(drawn)).not.toEqual(await resultOf(drawn, 'other'));
  });

  it('give UUIDs of version 4, random numbers in [0, 1), and one number per given seed', async () => {
    const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    const evaluated = await resultOf('[$uuid(), $random(), $random(42), $random(42)]');
    const [uuid, number, first, second] = evaluated.ok && Array.isArray(evaluated.value) ? evaluated.value : [];

    expect(uuid).toMatch(UUID);
    expect(number).toBeGreaterThanOrEqual(0);
    expect(number).toBeLessThan(1);
    expect(first).toBe(second);
  });

  it('draw anew each time', async () => {
    expect(await resultOf('[$random() = $random(), $uuid() = $uuid()]')).toEqual({ ok: true, value: [false, false] });
  });

  it('shuffle without losing anything', async () => {
    expect(await resultOf('$sort($shuffle([1..20]))')).toEqual({
      ok: true,
      value: Array.from({ length: 20 }, (_, i) => i + 1),
    });
  });

  it('end a recursion that would not end', async () => {
    expect(await resultOf('($f := function($n) { 1 + $f($n + 1) }; $f(0))')).toMatchObject({ ok: false });
  });
});
