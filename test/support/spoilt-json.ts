import fc from 'fast-check';

/** Where a document is spoilt, and how. */
interface Fault {
  /** Counted through all places of the document, from the outermost. */
  readonly place: number;
  readonly kind: 'replace' | 'delete' | 'rename' | 'copy';
  readonly value: unknown;
  readonly name: string;
}

const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown => {
  let value: unknown = 'x';
  for (let level = 0; level < depth; level += 1) value = wrap(value);
  return value;
};

/** `${name}`, as Fn::Sub has it. */
const placeholder = (name: string): string => `$\{${name}}`;

const PLAIN: readonly unknown[] = [
  ...[null, true, 0, -1, 0.5, 1e308, 1e21, '', 'x', '-0', 'NaN', '1e999', [], {}, [[]], [null]],
  ...['x'.repeat(100_000), '\u0000\u202e\u001b[2J', '\ud800', 'rate(0 minutes)', 'cron(99 0 31 2 ? *)', 'Mars/Phobos'],
];
const EXPRESSIONS: readonly string[] = [
  ...['{% %}', '{% (((( %}', '{% 1/0 %}', '{% $states.input.x %}', '{% [1..10000000] %}', '{% $power(10, 400) %}'],
  ...['{% ($f := function($x){$f($x)}; $f(1)) %}', '{% $pad("x", 100000000) %}', `{% ${'1+'.repeat(3_000)}1 %}`],
  ...[`{% $match("${'a'.repeat(40)}!", /(a+)+$/) %}`, '$.x', '$$', 'States.Array(1,2', "States.Format('{}', $.a)"],
];
const INTRINSICS: readonly unknown[] = [
  ...['Nope', 'Machine', 'Job', 'Role', '', null, '__proto__', 'AWS::NoValue', 'AWS::Nothing'].map((name) => ({
    Ref: name,
  })),
  ...[['Function', 'Arn'], ['Function'], 'x', [], { a: 1 }].map((value) => ({ 'Fn::GetAtt': value })),
  ...['$\u007b', placeholder('Nope'), placeholder('Role.Arn'), [placeholder('a'), { a: { Ref: 'Job' } }], [], 3].map(
    (value) => ({ 'Fn::Sub': value }),
  ),
  ...[['', ['a', { Ref: 'P' }]], ['', 'x'], 3].map((value) => ({ 'Fn::Join': value })),
  ...[['Nope', 1, 2], ['C', { Ref: 'AWS::NoValue' }, 5], []].map((value) => ({ 'Fn::If': value })),
  ...[{ 'Fn::Select': [9, ['a']] }, { 'Fn::Split': ['', 'ab'] }, { 'Fn::FindInMap': ['M', 'a', 'b'] }],
  ...[{ 'Fn::Bogus': 1 }, { 'Fn::Transform': {} }, { 'Fn::ForEach::x': [] }, { Ref: 'P', x: 1 }],
];
const NESTED: readonly unknown[] = [
  nested(700, (inner) => [inner]),
  nested(700, (inner) => ({ a: inner })),
  nested(700, (inner) => ({ 'Fn::Join': ['', [inner]] })),
  nested(10, (inner) => ({ 'Fn::If': ['C', inner, inner] })),
];
const NAMES = ['__proto__', 'constructor', '', 'length', 'Ref', 'Fn::If', 'Type', 'Next', 'Retry', 'Items', 'Metadata'];

/** Faults of any kind at any place. */
export const faults: fc.Arbitrary<readonly Fault[]> = fc.array(
  fc.record({
    place: fc.nat(),
    kind: fc.constantFrom('replace', 'replace', 'replace', 'delete', 'rename', 'copy'),
    value: fc.oneof(...[PLAIN, EXPRESSIONS, INTRINSICS, NESTED].map((values) => fc.constantFrom<unknown>(...values))),
    name: fc.constantFrom(...NAMES),
  }),
  { minLength: 1, maxLength: 2 },
);

/** A copy of a document with the faults in it, as text. */
export function spoil(document: unknown, made: readonly Fault[]): string {
  const copy: unknown = structuredClone(document);
  for (const fault of made) {
    const places = placesIn(copy);
    const place = places[fault.place % Math.max(1, places.length)];
    const other = places[(fault.place * 7 + 3) % Math.max(1, places.length)];
    if (place !== undefined) spoilPlace(place, other, fault);
  }
  return JSON.stringify(copy);
}

interface Place {
  readonly holder: object;
  readonly key: string;
}

function placesIn(value: unknown, depth = 0): readonly Place[] {
  if (typeof value !== 'object' || value === null || depth > 60) return [];
  return Object.entries(value).flatMap(([key, inner]) => [{ holder: value, key }, ...placesIn(inner, depth + 1)]);
}

function spoilPlace({ holder, key }: Place, other: Place | undefined, { kind, value, name }: Fault): void {
  const define = (property: string, content: unknown): void => {
    Object.defineProperty(holder, property, {
      value: content,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  };
  const current = Reflect.get(holder, key);
  if (kind === 'replace') define(key, value);
  if (kind === 'copy' && other !== undefined) define(key, structuredClone(Reflect.get(other.holder, other.key)));
  if (kind === 'delete' || kind === 'rename') Reflect.deleteProperty(holder, key);
  if (kind === 'rename') define(Array.isArray(holder) ? key : name, current);
}
