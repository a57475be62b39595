import type { CaseNode, Expression } from '../contracts/expression.ts';
import { assertNever } from '../errors/fault.ts';

/** What an expression is directly made of, left to right. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'column':
    case 'literal':
      return [];
    case 'arithmetic':
    case 'comparison':
    case 'logic':
      return [expression.left, expression.right];
    case 'not':
    case 'is-null':
    case 'calendar':
    case 'matches':
    case 'cast':
      return [expression.operand];
    case 'or-else':
      return [expression.operand, expression.fallback];
    case 'not-before':
      return [expression.operand, expression.earliest];
    case 'duration':
      return [expression.amount];
    case 'case':
      return [...expression.branches.map(({ when }) => when), ...valuesOf(expression)];
    case 'call':
      return expression.arguments;
    case 'sql':
      return expression.expression === null ? [] : [expression.expression];
    default:
      return assertNever(expression);
  }
}

/** What a case may give, but null. */
export const valuesOf = ({ branches, otherwise }: CaseNode): readonly Expression[] =>
  [...branches.map(({ value }) => value), otherwise].filter((value) => value !== null);

/** The expression and everything in it, depth first. */
export function nodesOf(expression: Expression): readonly Expression[] {
  return [expression, ...partsOf(expression).flatMap(nodesOf)];
}

/** Names of the columns that an expression reads. */
export function columnsRead(expression: Expression): ReadonlySet<string> {
  return new Set(nodesOf(expression).flatMap((node) => (node.kind === 'column' ? [node.name] : [])));
}
