import type { ArithmeticNode, DurationUnit, Expression } from '../contracts/expression.ts';

const MICROSECONDS = {
  second: 1_000_000,
  minute: 60_000_000,
  hour: 3_600_000_000,
  day: 86_400_000_000,
} as const satisfies Record<DurationUnit, number>;

/**
 * How far a timestamp expression lies after a column in every row, in microseconds, where that is a constant: 0 for the
 * column itself, negative before it; null where rows may differ.
 */
export function constantOffset(expression: Expression, column: string): number | null {
  switch (expression.kind) {
    case 'column':
      return expression.name === column ? 0 : null;
    case 'not-before':
      return combined(
        constantOffset(expression.operand, column),
        constantOffset(expression.earliest, column),
        Math.max,
      );
    case 'arithmetic':
      return combined(constantOffset(expression.left, column), constantLength(expression.right), sumOf(expression));
    default:
      return null;
  }
}

/** A duration expression that is the same for every row, in microseconds; null where it is not. */
function constantLength(expression: Expression): number | null {
  switch (expression.kind) {
    case 'literal':
      return expression.type === 'duration' ? expression.value : null;
    case 'duration': {
      const { amount, unit } = expression;
      const isNumber = amount.kind === 'literal' && typeof amount.value === 'number';
      return isNumber ? Math.floor(amount.value * MICROSECONDS[unit] + 0.5) : null;
    }
    case 'arithmetic':
      return combined(constantLength(expression.left), constantLength(expression.right), sumOf(expression));
    default:
      return null;
  }
}

type Combination = (left: number, right: number) => number;

/** Durations are only added and subtracted. */
const sumOf = ({ operator }: ArithmeticNode): Combination =>
  operator === 'minus' ? (left, right) => left - right : (left, right) => left + right;

const combined = (left: number | null, right: number | null, combine: Combination): number | null =>
  left === null || right === null ? null : combine(left, right);
