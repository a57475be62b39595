import type {
  ArithmeticNode,
  ArithmeticOperator,
  CalendarNode,
  CallNode,
  CaseNode,
  CastNode,
  ComparisonNode,
  ComparisonOperator,
  DurationNode,
  DurationUnit,
  Expression,
  LiteralNode,
} from '../contracts/expression.ts';
import { typeOf } from '../definition/value-type.ts';
import { assertNever, must } from '../errors/fault.ts';
import type { Dialect } from './dialect.ts';

const ARITHMETIC = { plus: '+', minus: '-', times: '*', 'divided-by': '/' } as const satisfies Record<
  ArithmeticOperator,
  string
>;
const COMPARISON = {
  'at-least': '>=',
  'more-than': '>',
  'at-most': '<=',
  'less-than': '<',
  equals: '=',
} as const satisfies Record<ComparisonOperator, string>;
const MICROSECONDS = {
  second: 1_000_000,
  minute: 60_000_000,
  hour: 3_600_000_000,
  day: 86_400_000_000,
} as const satisfies Record<DurationUnit, number>;

/** Computed durations of more than 285 years are null, before they leave what a BIGINT of microseconds can hold. */
const LONGEST_DURATION = 9_000_000_000_000_000;

/** The greatest finite double. */
const LARGEST_DOUBLE = `${Number.MAX_VALUE}`;

/**
 * An expression as SQL: an integer is a BIGINT and fails on overflow, a double follows IEEE 754 in the written order,
 * a timestamp or duration is a BIGINT of microseconds, and null is three-valued. Both engines give the same value.
 */
export function scalar(expression: Expression, dialect: Dialect): string {
  const render = (part: Expression): string => scalar(part, dialect);
  switch (expression.kind) {
    case 'column': {
      const column = dialect.identifier(expression.name);
      return expression.type === 'timestamp' ? dialect.toMicroseconds(column) : column;
    }
    case 'literal':
      return literal(expression, dialect);
    case 'arithmetic':
      return arithmetic(expression, dialect);
    case 'comparison':
      return comparison(expression, dialect);
    case 'logic':
      return `(${render(expression.left)} ${expression.operator.toUpperCase()} ${render(expression.right)})`;
    case 'not':
      return `(NOT ${render(expression.operand)})`;
    case 'is-null':
      return `(${render(expression.operand)} IS NULL)`;
    case 'or-else':
      return `COALESCE(${alike(expression.operand, expression.fallback, dialect).join(', ')})`;
    case 'not-before':
      return laterOf(render(expression.operand), render(expression.earliest));
    case 'calendar':
      return calendar(expression, dialect);
    case 'duration':
      return duration(expression, dialect);
    case 'matches':
      return dialect.fullMatch(render(expression.operand), expression.pattern);
    case 'case':
      return caseOf(expression, dialect);
    case 'cast':
      return cast(expression, dialect);
    case 'call':
      return call(expression, dialect);
    case 'sql': {
      const value = must(expression.expression, 'an sql text whose columns are known');
      return expression.type === 'double' ? asDouble(value, dialect) : scalar(value, dialect);
    }
    default:
      return assertNever(expression);
  }
}

/** As a feature or label: a boolean is 1 or 0, a double that is not finite is null. */
export function numericScalar(expression: Expression, dialect: Dialect): string {
  const value = scalar(expression, dialect);
  switch (typeOf(expression)) {
    case 'boolean':
      return `CAST(CASE WHEN ${value} THEN 1 WHEN NOT ${value} THEN 0 END AS BIGINT)`;
    case 'double':
      return finite(value);
    default:
      return value;
  }
}

/** The value where it is a finite double, else null. */
export function finite(value: string): string {
  return `CASE WHEN ABS(${value}) <= ${LARGEST_DOUBLE} THEN ${value} END`;
}

/** A number as SQL: an exponent makes it a DOUBLE on both engines. */
export function numberLiteral(value: number, type: 'integer' | 'double'): string {
  if (type === 'integer') return `CAST(${value} AS BIGINT)`;
  const text = String(value);
  return text.includes('e') ? text : `${text}e0`;
}

function literal(node: LiteralNode, dialect: Dialect): string {
  switch (node.type) {
    case 'integer':
    case 'double':
      return numberLiteral(node.value, node.type);
    case 'duration':
      return numberLiteral(node.value, 'integer');
    case 'text':
      return dialect.textLiteral(node.value);
    case 'boolean':
      return node.value ? 'TRUE' : 'FALSE';
    default:
      return assertNever(node);
  }
}

function arithmetic({ operator, left, right }: ArithmeticNode, dialect: Dialect): string {
  if (operator === 'divided-by')
    return `(${asDouble(left, dialect)} / NULLIF(${asDouble(right, dialect)}, ${numberLiteral(0, 'double')}))`;
  return `(${alike(left, right, dialect).join(` ${ARITHMETIC[operator]} `)})`;
}

function comparison({ operator, left, right }: ComparisonNode, dialect: Dialect): string {
  return `(${alike(left, right, dialect).join(` ${COMPARISON[operator]} `)})`;
}

/** Both sides as doubles if one of them is, so that no engine chooses a common type. */
function alike(left: Expression, right: Expression, dialect: Dialect): readonly [string, string] {
  const widen = typeOf(left) === 'double' || typeOf(right) === 'double';
  return widen ? [asDouble(left, dialect), asDouble(right, dialect)] : [scalar(left, dialect), scalar(right, dialect)];
}

function asDouble(expression: Expression, dialect: Dialect): string {
  if (expression.kind === 'literal' && expression.type === 'integer') return numberLiteral(expression.value, 'double');
  const value = scalar(expression, dialect);
  return typeOf(expression) === 'double' ? value : `CAST(${value} AS DOUBLE)`;
}

/** No value is computed of a row that another branch is for. */
function caseOf(node: CaseNode, dialect: Dialect): string {
  const render = typeOf(node) === 'double' ? asDouble : scalar;
  const branches = node.branches.map(({ when, value }) => {
    const then = value === null ? 'NULL' : render(value, dialect);
    return `WHEN ${scalar(when, dialect)} THEN ${then}`;
  });
  const last = node.otherwise === null ? '' : ` ELSE ${render(node.otherwise, dialect)}`;
  return `CASE ${branches.join(' ')}${last} END`;
}

function cast({ type, operand }: CastNode, dialect: Dialect): string {
  const value = scalar(operand, dialect);
  if (typeOf(operand) === 'boolean')
    return `CASE WHEN ${value} THEN ${numberLiteral(1, type)} WHEN NOT ${value} THEN ${numberLiteral(0, type)} END`;
  if (type === 'double') return asDouble(operand, dialect);
  if (typeOf(operand) === 'integer') return value;
  const isNegative = `${value} < ${numberLiteral(0, 'double')}`;
  return `CASE WHEN ${isNegative} THEN ${wholeNumber('ceil', value)} ELSE ${wholeNumber('floor', value)} END`;
}

/** Functions whose own spelling differs between the engines, or between their arguments, are spelled by what they are. */
function call({ function: name, arguments: parts }: CallNode, dialect: Dialect): string {
  const [left, right] = [must(parts[0], 'an argument'), parts[1]];
  const value = scalar(left, dialect);
  switch (name) {
    case 'abs':
      return `ABS(${value})`;
    case 'floor':
    case 'ceil':
      return wholeNumber(name, asDouble(left, dialect));
    case 'sqrt': {
      const number = asDouble(left, dialect);
      return `CASE WHEN ${number} >= ${numberLiteral(0, 'double')} THEN SQRT(${number}) END`;
    }
    case 'length':
      return `CAST(LENGTH(${value}) AS BIGINT)`;
    case 'mod':
      return `(${value} % NULLIF(${scalar(must(right, 'a divisor'), dialect)}, ${numberLiteral(0, 'integer')}))`;
    case 'nullif':
      return `NULLIF(${alike(left, must(right, 'a second argument'), dialect).join(', ')})`;
    case 'least':
    case 'greatest': {
      const [one, other] = alike(left, must(right, 'a second argument'), dialect);
      const order = name === 'least' ? '<=' : '>=';
      return `CASE WHEN ${one} ${order} ${other} THEN ${one} WHEN ${one} IS NOT NULL THEN ${other} END`;
    }
    default:
      return assertNever(name);
  }
}

/** 2^53: below it every whole number is a double. */
const wholeNumber = (rounding: 'floor' | 'ceil', value: string): string =>
  `CASE WHEN ABS(${value}) <= ${numberLiteral(2 ** 53, 'double')} THEN CAST(${rounding.toUpperCase()}(${value}) AS BIGINT) END`;

function calendar({ field, zone, operand }: CalendarNode, dialect: Dialect): string {
  const moment = scalar(operand, dialect);
  return `CAST(${dialect[field](zone === undefined ? moment : dialect.clockTime(moment, zone))} AS BIGINT)`;
}

function laterOf(operand: string, earliest: string): string {
  return `CASE WHEN ${operand} < ${earliest} THEN ${earliest} WHEN ${earliest} IS NOT NULL THEN ${operand} END`;
}

/** Rounded to the nearest microsecond, halves up; the guard comes first because engines differ in what overflows. */
function duration({ unit, amount }: DurationNode, dialect: Dialect): string {
  const value = scalar(amount, dialect);
  const perUnit = MICROSECONDS[unit];
  const most = Math.floor(LONGEST_DURATION / perUnit);
  if (typeOf(amount) === 'integer')
    return `CASE WHEN ${value} BETWEEN ${-most} AND ${most} THEN ${value} * ${numberLiteral(perUnit, 'integer')} END`;
  const microseconds = `${value} * ${numberLiteral(perUnit, 'double')} + ${numberLiteral(0.5, 'double')}`;
  return `CASE WHEN ABS(${value}) <= ${numberLiteral(most, 'double')} THEN CAST(FLOOR(${microseconds}) AS BIGINT) END`;
}
