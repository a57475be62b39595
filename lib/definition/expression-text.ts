import type {
  ArithmeticOperator,
  CaseNode,
  ComparisonOperator,
  DurationUnit,
  Expression,
} from '../contracts/expression.ts';
import { assertNever } from '../errors/fault.ts';

const METHODS = {
  plus: 'plus',
  minus: 'minus',
  times: 'times',
  'divided-by': 'dividedBy',
  'at-least': 'atLeast',
  'more-than': 'moreThan',
  'at-most': 'atMost',
  'less-than': 'lessThan',
  equals: 'equals',
} as const satisfies Record<ArithmeticOperator | ComparisonOperator, string>;

const LENGTHS = { second: 'seconds', minute: 'minutes', hour: 'hours', day: 'days' } as const satisfies Record<
  DurationUnit,
  string
>;

/** An expression as its user wrote it, for messages: `delay.plus(30).atLeast(15)`. */
export function expressionText(expression: Expression): string {
  const text = expressionText;
  switch (expression.kind) {
    case 'column':
      return expression.name;
    case 'literal':
      return expression.type === 'duration' ? `${expression.value} µs` : JSON.stringify(expression.value);
    case 'arithmetic':
    case 'comparison':
      return `${text(expression.left)}.${METHODS[expression.operator]}(${text(expression.right)})`;
    case 'logic':
      return `${text(expression.left)}.${expression.operator}(${text(expression.right)})`;
    case 'not':
      return `${text(expression.operand)}.not()`;
    case 'is-null':
      return `${text(expression.operand)}.isNull()`;
    case 'or-else':
      return `${text(expression.operand)}.orElse(${text(expression.fallback)})`;
    case 'not-before':
      return `${text(expression.operand)}.notBefore(${text(expression.earliest)})`;
    case 'calendar':
      return `${text(expression.operand)}.${expression.field}(${expression.zone === undefined ? '' : JSON.stringify(expression.zone)})`;
    case 'duration':
      return `${LENGTHS[expression.unit]}(${text(expression.amount)})`;
    case 'matches':
      return `${text(expression.operand)}.matches(${JSON.stringify(expression.pattern)})`;
    case 'case':
      return caseText(expression);
    case 'cast':
      return `cast(${text(expression.operand)} as ${expression.type === 'integer' ? 'bigint' : 'double'})`;
    case 'call':
      return `${expression.function}(${expression.arguments.map(text).join(', ')})`;
    case 'sql':
      return `sql.${expression.type}(${JSON.stringify(expression.text)})`;
    default:
      return assertNever(expression);
  }
}

function caseText({ branches, otherwise }: CaseNode): string {
  const valueText = (value: Expression | null) => (value === null ? 'null' : expressionText(value));
  const written = branches.map(({ when, value }) => `[${expressionText(when)}, ${valueText(value)}]`);
  return `caseWhen([${written.join(', ')}]${otherwise === null ? '' : `, ${expressionText(otherwise)}`})`;
}
