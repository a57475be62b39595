import {
  type CallNode,
  type CaseNode,
  type Expression,
  SQL_FUNCTIONS,
  type ValueType,
} from '../../contracts/expression.ts';
import { assertNever } from '../../errors/fault.ts';
import type { ColumnMap } from '../column.ts';
import { nodesOf, partsOf, valuesOf } from '../expression-parts.ts';
import { expressionText } from '../expression-text.ts';
import type { Formula } from '../formula.ts';
import { typeOf } from '../value-type.ts';
import { NO_PROBLEMS, type Problems, problem, unless } from './problem.ts';
import { checkPlaceZone } from './zone-checks.ts';

interface FormulaContext {
  readonly columns: ColumnMap;
  /** Types that the whole may have. */
  readonly types: readonly ValueType[];
  /** What to do about another type; default: give one of the types. */
  readonly typeFix?: string | undefined;
}

/** A formula that could be evaluated, whose parts fit together, over declared columns, of an expected type. */
export function checkFormula(at: string, formula: Formula, { columns, types, typeFix }: FormulaContext): Problems {
  if (formula.kind === 'failed')
    return problem(at, { code: 'invalid-expression', message: formula.problem, fix: formula.fix });
  const { expression } = formula;
  const misfits = nodesOf(expression).flatMap((node) => checkNode(at, node, columns));
  if (misfits.length > 0) return misfits;
  const type = typeOf(expression);
  return unless(types.includes(type), at, {
    code: 'wrong-type',
    message: `${expressionText(expression)} is ${withArticle(type)}, must be ${types.map(withArticle).join(' or ')}`,
    fix: typeFix ?? `give an expression that is ${types.map(withArticle).join(' or ')}`,
  });
}

function checkNode(at: string, node: Expression, columns: ColumnMap): Problems {
  if (node.kind === 'column') return checkColumn(at, node.name, columns);
  if (node.kind === 'literal' && typeof node.value === 'number') return checkConstant(at, node.value, node.type);
  if (node.kind === 'literal' && node.type === 'text') return checkText(at, node.value);
  const types = partsOf(node).map(typeOf);
  const zone = node.kind === 'calendar' && node.zone !== undefined ? checkPlaceZone(at, node.zone) : NO_PROBLEMS;
  const misfit = unless(fits(node, types), at, {
    code: 'wrong-type',
    message: `${expressionText(node)} does not fit ${types.map(withArticle).join(' and ')}`,
    fix: fixFor(node),
  });
  return [...misfit, ...zone];
}

/** A column may also come from another source, through a function that saw both. */
export function checkColumn(at: string, name: unknown, columns: ColumnMap, types?: readonly ValueType[]): Problems {
  const column = typeof name === 'string' && Object.hasOwn(columns, name) ? columns[name] : undefined;
  const allowed = Object.keys(columns).filter((known) => isOneOf(columns[known]?.type, types));
  return unless(column !== undefined && isOneOf(column.type, types), at, {
    code: column === undefined ? 'unknown-column' : 'wrong-type',
    message:
      column === undefined
        ? `there is no column ${JSON.stringify(name)}`
        : `${name} is ${withArticle(column.type)}, must be ${(types ?? []).map(withArticle).join(' or ')}`,
    fix: allowed.length > 0 ? `use one of ${allowed.join(', ')}` : 'declare a column of that type',
  });
}

function isOneOf(type: ValueType | undefined, types: readonly ValueType[] | undefined): boolean {
  return types === undefined || (type !== undefined && types.includes(type));
}

function checkConstant(at: string, value: number, type: ValueType): Problems {
  if (type === 'duration') return checkLength(at, value);
  const isExact = type === 'double' ? Number.isFinite(value) : Number.isSafeInteger(value);
  return unless(isExact, at, {
    code: 'inexact-number',
    message: `the number ${value} cannot be held exactly`,
    fix: 'use a finite number; whole numbers up to 9007199254740991',
  });
}

const checkLength = (at: string, microseconds: number): Problems =>
  unless(Number.isSafeInteger(microseconds) && microseconds >= 0, at, {
    code: 'out-of-range',
    message: `a length of ${microseconds} microseconds is not allowed`,
    fix: 'give zero or more and whole microseconds; what lies before is at.minus(hours(2))',
  });

export function checkText(at: string, value: unknown): Problems {
  return unless(typeof value === 'string' && !value.includes('\0'), at, {
    code: 'invalid-text',
    message: `the text ${JSON.stringify(value)} cannot be written in SQL`,
    fix: 'give a text without U+0000',
  });
}

const isNumeric = (type: ValueType | undefined): boolean => type === 'integer' || type === 'double';

/** Whether a node's parts have types that it takes. */
function fits(node: Expression, [left, right]: readonly ValueType[]): boolean {
  switch (node.kind) {
    case 'column':
    case 'literal':
    case 'is-null':
      return true;
    case 'arithmetic':
      return (isNumeric(left) && isNumeric(right)) || (isSum(node.operator) && isShift(left, right));
    case 'comparison':
      return areAlike(left, right) && (node.operator === 'equals' || isOrdered(left));
    case 'logic':
      return left === 'boolean' && right === 'boolean';
    case 'not':
      return left === 'boolean';
    case 'or-else':
      return areAlike(left, right);
    case 'not-before':
      return left === 'timestamp' && right === 'timestamp';
    case 'calendar':
      return left === 'timestamp';
    case 'duration':
      return isNumeric(left);
    case 'matches':
      return left === 'text';
    case 'case':
      return fitsCase(node);
    case 'cast':
      return isNumeric(left) || left === 'boolean';
    case 'call':
      return fitsCall(node, [left, right]);
    case 'sql':
      return left === node.type || (left === 'integer' && node.type === 'double');
    default:
      return assertNever(node);
  }
}

const areAlike = (left: ValueType | undefined, right: ValueType | undefined): boolean =>
  left === right || (isNumeric(left) && isNumeric(right));

function fitsCase(node: CaseNode): boolean {
  const types = valuesOf(node).map(typeOf);
  const isDecided = node.branches.length > 0 && node.branches.every(({ when }) => typeOf(when) === 'boolean');
  return isDecided && types.length > 0 && types.every((type) => areAlike(types[0], type));
}

function fitsCall(node: CallNode, [left, right]: readonly (ValueType | undefined)[]): boolean {
  if (node.arguments.length !== SQL_FUNCTIONS[node.function]) return false;
  if (node.function === 'length') return left === 'text';
  if (node.function === 'mod') return left === 'integer' && right === 'integer';
  return isNumeric(left) && (node.arguments.length === 1 || isNumeric(right));
}

const isOrdered = (type: ValueType | undefined): boolean => type !== 'text' && type !== 'boolean';

/** A duration added to or taken from a point in time or another duration. */
const isShift = (left: ValueType | undefined, right: ValueType | undefined): boolean =>
  right === 'duration' && (left === 'timestamp' || left === 'duration');

const isSum = (operator: string): boolean => operator === 'plus' || operator === 'minus';

const FIXES: Readonly<Record<Expression['kind'], string>> = {
  column: '',
  literal: '',
  'is-null': '',
  arithmetic: 'take numbers with numbers, or add a duration such as hours(2) to a timestamp or a duration',
  comparison: 'compare two numbers or two values of one type; texts and booleans only by equals',
  logic: 'combine conditions, such as delay.atLeast(15)',
  not: 'negate a condition, such as delay.atLeast(15)',
  'or-else': 'give a fallback of the same type',
  'not-before': 'give two timestamps',
  calendar: 'take weekday or hour of a timestamp',
  duration: 'give a number of units',
  matches: 'match a text',
  case: 'give at least one condition with its value; all values numbers, or all of one type',
  cast: 'cast a number or a boolean; a text becomes a number at ingest, by the type of its column',
  call: 'give numbers: abs, floor, ceil and sqrt one, nullif, least and greatest two; mod two integers, length a text',
  sql: 'declare the type that the text has: sql.integer, sql.double, sql.boolean or sql.text; floor(…) makes integers',
};

const fixFor = (node: Expression): string => FIXES[node.kind];

function withArticle(type: ValueType): string {
  return type === 'integer' ? 'an integer' : `a ${type}`;
}
