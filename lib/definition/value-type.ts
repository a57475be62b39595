import type { ArithmeticNode, CallNode, CaseNode, Expression, ValueType } from '../contracts/expression.ts';
import { assertNever } from '../errors/fault.ts';
import { valuesOf } from './expression-parts.ts';

const isTemporal = (type: ValueType): boolean => type === 'timestamp' || type === 'duration';

/** The type of an expression whose parts fit; `checkExpression` says whether they do. */
export function typeOf(expression: Expression): ValueType {
  switch (expression.kind) {
    case 'column':
    case 'literal':
      return expression.type;
    case 'arithmetic':
      return typeOfArithmetic(expression);
    case 'comparison':
    case 'logic':
    case 'not':
    case 'is-null':
    case 'matches':
      return 'boolean';
    case 'or-else':
      return widest(typeOf(expression.operand), typeOf(expression.fallback));
    case 'not-before':
      return 'timestamp';
    case 'calendar':
      return 'integer';
    case 'duration':
      return 'duration';
    case 'case':
      return typeOfCase(expression);
    case 'cast':
      return expression.type;
    case 'call':
      return typeOfCall(expression);
    case 'sql':
      return expression.type;
    default:
      return assertNever(expression);
  }
}

function typeOfCase(node: CaseNode): ValueType {
  const [first = 'integer', ...others] = valuesOf(node).map(typeOf);
  return others.reduce(widest, first);
}

function typeOfCall({ function: name, arguments: parts }: CallNode): ValueType {
  if (name === 'floor' || name === 'ceil' || name === 'length' || name === 'mod') return 'integer';
  if (name === 'sqrt') return 'double';
  return parts.map(typeOf).reduce(widest, 'integer');
}

function typeOfArithmetic({ operator, left, right }: ArithmeticNode): ValueType {
  if (operator === 'divided-by') return 'double';
  const type = typeOf(left);
  return isTemporal(type) ? type : widest(type, typeOf(right));
}

function widest(left: ValueType, right: ValueType): ValueType {
  return left === 'integer' && right === 'double' ? 'double' : left;
}
