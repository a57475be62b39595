import fc from 'fast-check';
import type { Definition } from './state-machines.ts';

/** What a language writes where counters are set, compared and handed on. */
interface Phrases {
  readonly start: Definition;
  readonly effects: readonly Definition[];
  readonly conditions: readonly Definition[];
  readonly calls: readonly Definition[];
  readonly maps: readonly Definition[];
}

const when = (Condition: string): Definition => ({ Condition: `{% ${Condition} %}` });
const assign = (name: string, expression: string): Definition => ({ Assign: { [name]: `{% ${expression} %}` } });
const output = (c: string): Definition => ({ Output: { c: `{% ${c} %}`, l: '{% $l %}' } });

/** A Map that would hand on its results could have more items with every lap. */
const KEPT: Definition = { Output: '{% $states.input %}' };

export const JSONATA_PHRASES: Phrases = {
  start: { Assign: { i: 0, j: 5, l: [1, 2, 3] }, Output: { c: 0, l: [{ a: 1 }] } },
  effects: [
    {},
    {},
    assign('i', '$i + 1'),
    assign('i', '1 + $i'),
    assign('i', '$i + 2'),
    assign('i', '$i - -1'),
    assign('i', '$i + 0.5'),
    assign('i', '$i + $j'),
    assign('i', '$i + ($states.input.flag ? 1 : 2)'),
    assign('i', '$i + $count($l)'),
    assign('i', '$min([$i, 2])'),
    assign('i', '0'),
    assign('j', '$j - 1'),
    assign('j', '$j - 2'),
    assign('j', '5'),
    assign('j', '$i'),
    { Assign: { i: '{% $j %}', j: '{% $i %}' } },
    { Assign: { i: '{% $i + 1 %}', j: '{% $j - 1 %}' } },
    assign('l', '$append($l, 1)'),
    assign('l', '$states.input.l'),
    assign('l', '[$l[[0..1]]]'),
    output('$states.input.c + 1'),
    output('$states.input.c + 2'),
    output('0'),
    { Output: '{% $merge([$states.input, {"c": $states.input.c + 1}]) %}' },
    { Output: '{% $states.input %}', ...assign('i', '$i + 1') },
  ],
  conditions: [
    when('$i < 3'),
    when('$i <= 4'),
    when('4 > $i'),
    when('$i < $j'),
    when('$j > 0'),
    when('$j >= 1 and $i < 6'),
    when('$i >= 3'),
    when('$i >= 3 or $states.input.flag = true'),
    when('$not($i > 3)'),
    when('$states.input.c < 3'),
    when('$states.input.c >= 2'),
    when('$count($l) <= 4'),
    when('$count($states.input.l) <= 2'),
    when('($i < 3) = true'),
    when('$states.input.flag = true'),
  ],
  calls: [
    { n: '{% $i %}' },
    { n: '{% $i * 2 %}', m: '{% $j %}' },
    { n: '{% $i < 2 ? 1 : $j %}' },
    { n: '{% $states.input.c %}' },
    { n: '{% $count($l) %}', l: ['{% $i %}', 'fixed'] },
    { n: "{% $i in [1, 2] ? $i : 'none' %}", x: { y: '{% $max([$i, $j]) %}' } },
  ],
  maps: [
    { ...KEPT, Items: '{% $l %}' },
    { ...KEPT, Items: '{% [$l] %}' },
    { ...KEPT, Items: '{% [$l[[0..1]]] %}' },
    { ...KEPT, Items: '{% $count($l) <= 2 ? [$l] : [] %}' },
    { ...KEPT, Items: '{% $i < 6 ? [0..$i] : [] %}' },
    { ...KEPT, Items: '{% $states.input.l %}' },
    { ...KEPT, Items: '{% [$states.input.l[[0..1]]] %}' },
    { ...KEPT, Items: ['{% $i %}', 2] },
  ],
};

const less = (Variable: string, NumericLessThan: number): Definition => ({ Variable, NumericLessThan });
const set = (name: string, query: string): Definition => ({ Assign: { [`${name}.$`]: query }, ResultPath: null });
const counting = (i: string, j: string): Definition => ({ Parameters: { 'i.$': i, 'j.$': j }, ResultPath: '$.k' });

export const JSONPATH_PHRASES: Phrases = {
  start: { Result: { c: 0, k: { i: 0, j: 5 }, l: [1, 2, 3], flag: true }, Assign: { i: 0, j: 5 } },
  effects: [
    {},
    { ResultPath: null },
    { ResultPath: '$.r' },
    { ResultPath: '$.c' },
    { ResultPath: '$.k.m' },
    { ResultPath: '$.k' },
    { ResultPath: '$.r', OutputPath: '$' },
    { OutputPath: '$.k' },
    { InputPath: '$.k', ResultPath: '$.m' },
    { InputPath: '$.k', ResultPath: null },
    set('i', 'States.MathAdd($i, 1)'),
    set('i', 'States.MathAdd(2, $i)'),
    set('i', 'States.MathAdd($i, $j)'),
    set('i', 'States.MathAdd($i, 0)'),
    set('i', '$j'),
    set('i', '$.c'),
    set('j', 'States.MathAdd($j, -1)'),
    set('j', 'States.ArrayLength(States.Array($i, $j))'),
    set('j', '$i'),
    { Assign: { i: 0 }, ResultPath: null },
    counting('States.MathAdd($.k.i, 1)', '$.k.j'),
    counting('States.MathAdd($.k.i, 2)', '$.k.j'),
    counting('States.MathAdd($.k.i, 1)', 'States.MathAdd($.k.j, -1)'),
    counting('$.k.i', '$i'),
    counting('$.k.j', '$.k.i'),
    { Parameters: { 'i.$': '$i' }, ResultPath: '$.k' },
    { Result: 0, ResultPath: '$.k.i' },
    { Result: { i: 1, j: 3 }, ResultPath: '$.k' },
    { Parameters: { 'l.$': 'States.ArrayRange(0, $i, 1)' }, ResultPath: '$.n' },
    { Parameters: { 'c.$': '$.c', k: { 'i.$': 'States.MathAdd($.k.i, 1)', j: 4 }, 'l.$': 'States.ArrayUnique($.l)' } },
    { ResultSelector: { 'c.$': '$.c', k: { i: 1, j: 2 }, l: [1, 2] } },
  ],
  conditions: [
    less('$.k.i', 3),
    less('$i', 3),
    less('$.c', 2),
    { Variable: '$i', NumericLessThanEquals: 4 },
    { Variable: '$i', NumericLessThanPath: '$j' },
    { Variable: '$.k.i', NumericLessThanPath: '$.k.j' },
    { Variable: '$.k.j', NumericGreaterThan: 0 },
    { Variable: '$j', NumericGreaterThanEquals: 1 },
    { Variable: '$.k.i', NumericGreaterThanEquals: 3 },
    { Variable: '$i', NumericGreaterThan: 2 },
    { Not: { Variable: '$i', NumericGreaterThan: 2 } },
    { Not: less('$.k.i', 3) },
    { And: [less('$i', 4), { Variable: '$.flag', BooleanEquals: true }] },
    {
      Or: [
        { Variable: '$.k.i', NumericGreaterThan: 3 },
        { Variable: '$.flag', BooleanEquals: true },
      ],
    },
    { Variable: '$.flag', BooleanEquals: true },
  ],
  calls: [
    { 'n.$': '$i' },
    { 'n.$': '$.k.i', 'm.$': '$.k.j', x: 'fixed' },
    { 'n.$': 'States.MathAdd($i, 2)', l: [{ 'y.$': '$j' }] },
    { 'n.$': 'States.ArrayLength($.l)' },
    { 'n.$': '$.c', 'k.$': '$.k' },
    { 'n.$': 'States.ArrayGetItem(States.Array($i, $j), 1)', 'z.$': '$.l[0]' },
  ],
  maps: [
    { ItemsPath: '$.l', ResultPath: null },
    { ItemsPath: '$.k', ResultPath: null },
    { ItemsPath: '$.n.l', ResultPath: null },
    {
      ItemsPath: '$.l',
      ItemSelector: { c: 3, 'k.$': '$.k', 'l.$': '$.l', 'v.$': '$$.Map.Item.Value' },
      ResultPath: '$.r',
    },
    { InputPath: '$.k', ResultPath: '$.r' },
    { ItemsPath: '$.l', ResultSelector: { 'c.$': '$[0]' }, ResultPath: '$.k' },
  ],
};

const choose = (options: readonly Definition[]) => fc.constantFrom(...options);

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:work';
const nameOf = (place: number): string => `S${place}`;
const ahead = fc.integer({ min: 1, max: 2 });

/** A state at a place in the row of states. */
type Placed = (place: number) => Definition;

function stateOf({ effects, conditions, calls, maps }: Phrases, parameters: string): fc.Arbitrary<Placed> {
  const effect = choose(effects);
  const work = choose(calls).map((call) => ({ Type: 'Task', Resource: ARN, [parameters]: call }));
  return fc.oneof(
    fc.tuple(effect, ahead).map(
      ([fields, by]): Placed =>
        (place) => ({ Type: 'Pass', ...fields, Next: nameOf(place + by) }),
    ),
    fc.tuple(work, effect, effect, ahead, ahead).map(
      ([call, fields, caught, by, catchBy]): Placed =>
        (place) => ({
          ...call,
          ...fields,
          Catch: [{ ErrorEquals: ['States.ALL'], ...caught, Next: nameOf(place + catchBy) }],
          Next: nameOf(place + by),
        }),
    ),
    fc.tuple(choose(conditions), effect, ahead, ahead).map(
      ([condition, fields, by, otherwise]): Placed =>
        (place) => ({
          Type: 'Choice',
          Choices: [{ ...condition, ...onlyVariables(fields), Next: nameOf(place + by) }],
          Default: nameOf(place + otherwise),
        }),
    ),
    fc.tuple(choose(maps), work, effect, ahead).map(
      ([items, call, fields, by]): Placed =>
        (place) => ({
          Type: 'Map',
          ...items,
          ItemProcessor: { StartAt: `W${place}`, States: { [`W${place}`]: { ...call, End: true } } },
          ...fields,
          Next: nameOf(place + by),
        }),
    ),
  );
}

/** A Choice at a place, and a Wait further on that leads back to it; whether its condition lets the loop go on or ends it. */
function loopOf({ conditions, effects }: Phrases, length: number) {
  return fc
    .record({
      choice: fc.integer({ min: 1, max: length - 2 }),
      size: fc.integer({ min: 1, max: 4 }),
      condition: choose(conditions),
      second: fc.option(choose(conditions)),
      goesOn: fc.boolean(),
      fields: choose(effects),
    })
    .map(({ choice, size, condition, second, goesOn, fields }) => {
      const wait = Math.min(choice + size, length);
      const [on, out] = [nameOf(choice + 1), nameOf(wait + 1)];
      const Choices = [
        { ...condition, Next: goesOn ? on : out },
        ...(second === null ? [] : [{ ...second, Next: on }]),
      ];
      return [
        [choice, { Type: 'Choice', Choices, Default: goesOn ? out : on }],
        [wait, { Type: 'Wait', Seconds: 1, ...onlyVariables(fields), Next: nameOf(choice) }],
      ] as const;
    });
}

/**
 * Machines that begin with known counters: `S0` and so on, with one or two loops, each of which passes a Wait. Ways
 * lead forwards but for those of a Wait.
 */
export function countingMachines(phrases: Phrases, frame: Definition): fc.Arbitrary<Definition> {
  const length = 7;
  const state = stateOf(phrases, frame['QueryLanguage'] === 'JSONata' ? 'Arguments' : 'Parameters');
  return fc
    .tuple(
      fc.array(state, { minLength: length, maxLength: length }),
      fc.array(loopOf(phrases, length), { minLength: 1, maxLength: 2 }),
    )
    .map(([states, loops]) => {
      const row = new Map(states.map((make, place) => [place + 1, make(place + 1)]));
      for (const [place, fields] of loops.flat()) row.set(place, fields);
      const ends = [1, 2].map((by) => [nameOf(length + by), { Type: 'Succeed' }] as const);
      const start = [nameOf(0), { Type: 'Pass', ...phrases.start, Next: nameOf(1) }] as const;
      return reachable([start, ...[...row].map(([place, fields]) => [nameOf(place), fields] as const), ...ends]);
    })
    .filter((states) => [...states.values()].some(({ Type }) => Type === 'Succeed'))
    .map((states) => ({ ...frame, StartAt: nameOf(0), States: Object.fromEntries(states) }));
}

/** The states that the first one leads to. */
function reachable(states: readonly (readonly [string, Definition])[]): ReadonlyMap<string, Definition> {
  const reached = new Set(['S0']);
  for (let size = 0; size < reached.size; ) {
    size = reached.size;
    for (const [name, fields] of states) if (reached.has(name)) for (const next of targetsIn(fields)) reached.add(next);
  }
  return new Map(states.filter(([name]) => reached.has(name)));
}

const targetsIn = (fields: Definition): readonly string[] =>
  [...JSON.stringify(fields).matchAll(/"(?:Next|Default)":"(\w+)"/g)].map(([, name]) => name ?? '');

/** All that the rules of a Choice and a Wait do, whatever the language. */
const onlyVariables = ({ Assign }: Definition): Definition => (Assign === undefined ? {} : { Assign });
