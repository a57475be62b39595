import type { ArithmeticOperator, CalendarField, ComparisonOperator, Expression } from '../contracts/expression.ts';
import { UserError } from '../errors/user-error.ts';
import { typeOf } from './value-type.ts';

/** What a method accepts: another value, or a constant that is lifted to a literal. */
export type Operand = ExpressionValue | number | string | boolean;

/**
 * The one implementation behind every typed value (`value.ts`): builds trees and checks nothing, so that a definition
 * written without types reaches `checkDefinition`, which reports what does not fit.
 */
export class ExpressionValue {
  readonly expression: Expression;

  constructor(expression: Expression) {
    this.expression = expression;
  }

  plus(other: Operand): ExpressionValue {
    return this.#arithmetic('plus', other);
  }

  minus(other: Operand): ExpressionValue {
    return this.#arithmetic('minus', other);
  }

  times(other: Operand): ExpressionValue {
    return this.#arithmetic('times', other);
  }

  dividedBy(other: Operand): ExpressionValue {
    return this.#arithmetic('divided-by', other);
  }

  atLeast(other: Operand): ExpressionValue {
    return this.#comparison('at-least', other);
  }

  moreThan(other: Operand): ExpressionValue {
    return this.#comparison('more-than', other);
  }

  atMost(other: Operand): ExpressionValue {
    return this.#comparison('at-most', other);
  }

  lessThan(other: Operand): ExpressionValue {
    return this.#comparison('less-than', other);
  }

  equals(other: Operand): ExpressionValue {
    return this.#comparison('equals', other);
  }

  and(other: Operand): ExpressionValue {
    return new ExpressionValue({ kind: 'logic', operator: 'and', left: this.expression, right: this.#lift(other) });
  }

  or(other: Operand): ExpressionValue {
    return new ExpressionValue({ kind: 'logic', operator: 'or', left: this.expression, right: this.#lift(other) });
  }

  not(): ExpressionValue {
    return new ExpressionValue({ kind: 'not', operand: this.expression });
  }

  isNull(): ExpressionValue {
    return new ExpressionValue({ kind: 'is-null', operand: this.expression });
  }

  orElse(fallback: Operand): ExpressionValue {
    return new ExpressionValue({ kind: 'or-else', operand: this.expression, fallback: this.#lift(fallback) });
  }

  notBefore(earliest: Operand): ExpressionValue {
    return new ExpressionValue({ kind: 'not-before', operand: this.expression, earliest: this.#lift(earliest) });
  }

  weekday(zone?: string): ExpressionValue {
    return this.#calendar('weekday', zone);
  }

  hour(zone?: string): ExpressionValue {
    return this.#calendar('hour', zone);
  }

  /** `delay > 15` would compare objects and mean nothing: say which method does. */
  [Symbol.toPrimitive](): never {
    throw new UserError({
      code: 'operator-on-expression',
      message: 'a JavaScript operator was applied to an expression',
      resolution: 'use the methods instead, such as delay.atLeast(15) or delay.plus(30)',
    });
  }

  #arithmetic(operator: ArithmeticOperator, other: Operand): ExpressionValue {
    return new ExpressionValue({ kind: 'arithmetic', operator, left: this.expression, right: this.#lift(other) });
  }

  #comparison(operator: ComparisonOperator, other: Operand): ExpressionValue {
    return new ExpressionValue({ kind: 'comparison', operator, left: this.expression, right: this.#lift(other) });
  }

  #calendar(field: CalendarField, zone: string | undefined): ExpressionValue {
    const ofPlace = zone === undefined ? {} : { zone };
    return new ExpressionValue({ kind: 'calendar', field, ...ofPlace, operand: this.expression });
  }

  /** A number beside a timestamp or a duration is a length in microseconds, for that is what `Duration` is. */
  #lift(operand: Operand): Expression {
    const type = typeOf(this.expression);
    if (typeof operand === 'number' && (type === 'timestamp' || type === 'duration'))
      return { kind: 'literal', type: 'duration', value: operand };
    return lift(operand);
  }
}

/** The expression of a value, or of a constant. */
export function lift(operand: Operand): Expression {
  if (operand instanceof ExpressionValue) return operand.expression;
  switch (typeof operand) {
    case 'number':
      return { kind: 'literal', type: Number.isInteger(operand) ? 'integer' : 'double', value: operand };
    case 'string':
      return { kind: 'literal', type: 'text', value: operand };
    case 'boolean':
      return { kind: 'literal', type: 'boolean', value: operand };
    default:
      throw new UserError({
        code: 'no-operand',
        message: `operand == ${String(operand)}, must be a column, an expression or a constant`,
        resolution: 'give a column of the source, an expression over its columns, a number, a text or a boolean',
      });
  }
}
