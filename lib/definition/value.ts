import type { ColumnType } from '../contracts/column-schema.ts';
import type { Expression, ValueType } from '../contracts/expression.ts';
import type { Duration } from '../units/duration.ts';

declare const valueType: unique symbol;

/** A typed handle on an expression: what the arrow functions of a definition receive and return. */
export interface Value<T extends ValueType> {
  readonly [valueType]: T;
  readonly expression: Expression;
  isNull(): BooleanValue;
}

export type NumericType = 'integer' | 'double';
export type NumericOperand = number | NumericValue<NumericType>;

/** A literal without a fraction is an integer; of a `number` that is no literal either is possible. */
export type NumericTypeOf<O> =
  O extends NumericValue<infer T>
    ? T
    : O extends number
      ? number extends O
        ? NumericType
        : `${O}` extends `${bigint}`
          ? 'integer'
          : 'double'
      : never;

/** Integers stay integers; a double on either side makes the result a double. */
type Combined<T extends NumericType, O> = 'double' extends T | NumericTypeOf<O>
  ? 'double' | (T & NumericTypeOf<O>)
  : 'integer';

/** A length of time is no plain number: `delay.plus(minutes(3))` does not compile. */
type Unitless<O> = O extends Duration ? never : O;

export interface NumericValue<T extends NumericType> extends Value<T> {
  plus<const O extends NumericOperand>(other: Unitless<O>): NumericValue<Combined<T, O>>;
  minus<const O extends NumericOperand>(other: Unitless<O>): NumericValue<Combined<T, O>>;
  times<const O extends NumericOperand>(other: Unitless<O>): NumericValue<Combined<T, O>>;
  /** A double, also of two integers; null where the divisor is zero. */
  dividedBy<const O extends NumericOperand>(other: Unitless<O>): NumericValue<'double'>;
  atLeast<const O extends NumericOperand>(other: Unitless<O>): BooleanValue;
  moreThan<const O extends NumericOperand>(other: Unitless<O>): BooleanValue;
  atMost<const O extends NumericOperand>(other: Unitless<O>): BooleanValue;
  lessThan<const O extends NumericOperand>(other: Unitless<O>): BooleanValue;
  equals<const O extends NumericOperand>(other: Unitless<O>): BooleanValue;
  /** This, or the fallback where it is null. */
  orElse<const O extends NumericOperand>(fallback: Unitless<O>): NumericValue<Combined<T, O>>;
}

export interface BooleanValue extends Value<'boolean'> {
  and(other: BooleanValue): BooleanValue;
  or(other: BooleanValue): BooleanValue;
  not(): BooleanValue;
  equals(other: boolean | BooleanValue): BooleanValue;
  orElse(fallback: boolean | BooleanValue): BooleanValue;
}

export interface TextValue extends Value<'text'> {
  equals(other: string | TextValue): BooleanValue;
  orElse(fallback: string | TextValue): TextValue;
}

export interface DurationValue extends Value<'duration'> {
  plus(other: Duration | DurationValue): DurationValue;
  minus(other: Duration | DurationValue): DurationValue;
  orElse(fallback: Duration | DurationValue): DurationValue;
}

export interface TimestampValue extends Value<'timestamp'> {
  plus(length: Duration | DurationValue): TimestampValue;
  minus(length: Duration | DurationValue): TimestampValue;
  /** This, or `earliest` where this is earlier. */
  notBefore(earliest: TimestampValue): TimestampValue;
  atLeast(other: TimestampValue): BooleanValue;
  moreThan(other: TimestampValue): BooleanValue;
  atMost(other: TimestampValue): BooleanValue;
  lessThan(other: TimestampValue): BooleanValue;
  equals(other: TimestampValue): BooleanValue;
  orElse(fallback: TimestampValue): TimestampValue;
  /** 1 is Monday, 7 is Sunday: in UTC, or by the clocks of a place, such as `'America/New_York'`. */
  weekday(zone?: string): NumericValue<'integer'>;
  /** 0 to 23: in UTC, or by the clocks of a place. */
  hour(zone?: string): NumericValue<'integer'>;
}

interface ValueOfType {
  readonly integer: NumericValue<'integer'>;
  readonly double: NumericValue<'double'>;
  readonly boolean: BooleanValue;
  readonly text: TextValue;
  readonly timestamp: TimestampValue;
}

/** The value that a column of a type is in an expression. */
export type ColumnValue<T extends ColumnType> = ValueOfType[T];
