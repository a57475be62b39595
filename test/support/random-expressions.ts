import fc from 'fast-check';
import type {
  ArithmeticOperator,
  ComparisonOperator,
  DurationUnit,
  Expression,
  ValueType,
} from '../../lib/contracts/expression.ts';

/** Columns of the source `trips`, by type. */
const COLUMNS = {
  integer: ['delay'],
  double: ['price'],
  boolean: ['cancelled'],
  text: ['origin', 'code'],
  timestamp: ['departure', 'arrival'],
  duration: [],
} as const satisfies Record<ValueType, readonly string[]>;

const DEEPEST = 4;

const arithmetic = (operator: ArithmeticOperator, left: Expression, right: Expression): Expression => ({
  kind: 'arithmetic',
  operator,
  left,
  right,
});

/** Keeps a cast double small, so that no product of it overflows. */
const mod = (left: Expression, right: Expression): Expression => ({
  kind: 'call',
  function: 'mod',
  arguments: [left, right],
});

const columnOf = (type: Exclude<ValueType, 'duration'>): fc.Arbitrary<Expression> =>
  fc.constantFrom(...COLUMNS[type]).map((name) => ({ kind: 'column', name, type }));

const smallInteger = fc
  .integer({ min: -100, max: 100 })
  .map((value): Expression => ({ kind: 'literal', type: 'integer', value }));

const leaf: Readonly<Record<ValueType, fc.Arbitrary<Expression>>> = {
  integer: fc.oneof(columnOf('integer'), smallInteger),
  double: fc.oneof(
    columnOf('double'),
    fc
      .constantFrom(0.12, -2.5, 0.1, 1e-7, 1234567.891, 1.5e300, 5e-324)
      .map((value): Expression => ({ kind: 'literal', type: 'double', value })),
  ),
  boolean: fc.oneof(
    columnOf('boolean'),
    fc.boolean().map((value): Expression => ({ kind: 'literal', type: 'boolean', value })),
  ),
  text: fc.oneof(
    columnOf('text'),
    fc
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Spark would substitute it
      .constantFrom('AAA', "O'H", '$x', '${x}', '\\', 'é', '')
      .map((value): Expression => ({ kind: 'literal', type: 'text', value })),
  ),
  timestamp: columnOf('timestamp'),
  duration: fc
    .constantFrom(0, 1, 3_600_000_000, 604_800_000_000)
    .map((value): Expression => ({ kind: 'literal', type: 'duration', value })),
};

const number = (depth: number): fc.Arbitrary<Expression> =>
  fc.oneof(expressionOf('integer', depth), expressionOf('double', depth));

/** Ways to make a value of a type from smaller ones. Products of integers have a small side, so that none overflows. */
function composed(type: ValueType, depth: number): fc.Arbitrary<Expression> {
  const of = (part: ValueType): fc.Arbitrary<Expression> => expressionOf(part, depth);
  const orElse = fc
    .tuple(of(type), of(type))
    .map(([operand, fallback]): Expression => ({ kind: 'or-else', operand, fallback }));
  const sum = fc.constantFrom<ArithmeticOperator>('plus', 'minus');
  const cases = fc
    .tuple(
      expressionOf('boolean', depth),
      of(type),
      expressionOf('boolean', depth),
      fc.option(of(type)),
      fc.option(of(type)),
    )
    .map(
      ([first, one, second, other, otherwise]): Expression => ({
        kind: 'case',
        branches: [
          { when: first, value: one },
          { when: second, value: other },
        ],
        otherwise,
      }),
    );
  const cast = (to: 'integer' | 'double'): fc.Arbitrary<Expression> =>
    fc.oneof(number(depth), of('boolean')).map((operand): Expression => ({ kind: 'cast', type: to, operand }));
  switch (type) {
    case 'integer':
      return fc.oneof(
        orElse,
        cases,
        fc.tuple(cast('integer'), smallInteger).map(([operand, by]): Expression => mod(operand, by)),
        fc.tuple(sum, of('integer'), of('integer')).map(([operator, left, right]) => arithmetic(operator, left, right)),
        fc.tuple(of('integer'), smallInteger).map(([left, right]) => arithmetic('times', left, right)),
        fc
          .tuple(
            fc.constantFrom('weekday' as const, 'hour' as const),
            fc.constantFrom(undefined, 'America/New_York', 'Asia/Kolkata', 'UTC'),
            of('timestamp'),
          )
          .map(
            ([field, zone, operand]): Expression =>
              zone === undefined ? { kind: 'calendar', field, operand } : { kind: 'calendar', field, zone, operand },
          ),
      );
    case 'double':
      return fc.oneof(
        orElse,
        cases,
        cast('double'),
        fc
          .tuple(
            fc.constantFrom<ArithmeticOperator>('plus', 'minus', 'times'),
            of('double'),
            number(depth),
            fc.boolean(),
          )
          .map(([operator, one, other, swap]) =>
            swap ? arithmetic(operator, other, one) : arithmetic(operator, one, other),
          ),
        fc.tuple(number(depth), number(depth)).map(([left, right]) => arithmetic('divided-by', left, right)),
      );
    case 'boolean':
      return fc.oneof(orElse, cases, condition(depth), comparison(depth));
    case 'text':
      return fc.oneof(orElse, cases);
    case 'timestamp':
      return fc.oneof(
        orElse,
        cases,
        fc
          .tuple(sum, of('timestamp'), of('duration'))
          .map(([operator, left, right]) => arithmetic(operator, left, right)),
        fc
          .tuple(of('timestamp'), of('timestamp'))
          .map(([operand, earliest]): Expression => ({ kind: 'not-before', operand, earliest })),
      );
    case 'duration':
      return fc.oneof(
        orElse,
        cases,
        fc
          .tuple(sum, of('duration'), of('duration'))
          .map(([operator, left, right]) => arithmetic(operator, left, right)),
        fc
          .tuple(fc.constantFrom<DurationUnit>('second', 'minute', 'hour', 'day'), number(depth))
          .map(([unit, amount]): Expression => ({ kind: 'duration', unit, amount })),
      );
  }
}

function condition(depth: number): fc.Arbitrary<Expression> {
  const any = fc.constantFrom<ValueType>('integer', 'double', 'boolean', 'text', 'timestamp', 'duration');
  const flag = expressionOf('boolean', depth);
  return fc.oneof(
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), flag, flag)
      .map(([operator, left, right]): Expression => ({ kind: 'logic', operator, left, right })),
    flag.map((operand): Expression => ({ kind: 'not', operand })),
    any.chain((type) => expressionOf(type, depth)).map((operand): Expression => ({ kind: 'is-null', operand })),
    fc
      .tuple(expressionOf('text', depth), fc.constantFrom('[A-Z]+', "O'.", String.raw`\$x|\\`, '.*', '(ab|A)+[0-9]?'))
      .map(([operand, pattern]): Expression => ({ kind: 'matches', operand, pattern })),
  );
}

function comparison(depth: number): fc.Arbitrary<Expression> {
  const ordered = fc.constantFrom<ComparisonOperator>('at-least', 'more-than', 'at-most', 'less-than', 'equals');
  const alike = fc
    .constantFrom<ValueType>('timestamp', 'duration')
    .chain((type) => fc.tuple(ordered, expressionOf(type, depth), expressionOf(type, depth)));
  const numbers = fc.tuple(ordered, number(depth), number(depth));
  const unordered = fc
    .constantFrom<ValueType>('text', 'boolean')
    .chain((type) =>
      fc.tuple(fc.constant<ComparisonOperator>('equals'), expressionOf(type, depth), expressionOf(type, depth)),
    );
  return fc
    .oneof(alike, numbers, unordered)
    .map(([operator, left, right]): Expression => ({ kind: 'comparison', operator, left, right }));
}

function expressionOf(type: ValueType, depth: number): fc.Arbitrary<Expression> {
  return depth === 0
    ? leaf[type]
    : fc.oneof({ weight: 1, arbitrary: leaf[type] }, { weight: 3, arbitrary: composed(type, depth - 1) });
}

/** Well-typed expressions over the source `trips`, of every kind and type. */
export const anyExpression: fc.Arbitrary<Expression> = fc
  .constantFrom<ValueType>('integer', 'double', 'boolean', 'text', 'timestamp', 'duration')
  .chain((type) => composed(type, DEEPEST - 1));
