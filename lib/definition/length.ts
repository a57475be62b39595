import type { DurationUnit } from '../contracts/expression.ts';
import type { Duration } from '../units/duration.ts';
import * as units from '../units/duration.ts';
import type { Usd } from '../units/usd.ts';
import * as money from '../units/usd.ts';
import { ExpressionValue } from './expression-value.ts';
import type { DurationValue, NumericType, NumericValue } from './value.ts';

type Amount = number | NumericValue<NumericType>;

/** A length of time: of a constant a `Duration`, of a numeric expression a duration in expressions, to the microsecond. */
export function seconds(amount: number): Duration;
export function seconds(amount: NumericValue<NumericType>): DurationValue;
export function seconds(amount: Amount): Duration | DurationValue {
  return typeof amount === 'number' ? lengthOrGiven(amount, units.seconds) : lengthOf('second', amount);
}

export function minutes(amount: number): Duration;
export function minutes(amount: NumericValue<NumericType>): DurationValue;
export function minutes(amount: Amount): Duration | DurationValue {
  return typeof amount === 'number' ? lengthOrGiven(amount, units.minutes) : lengthOf('minute', amount);
}

export function hours(amount: number): Duration;
export function hours(amount: NumericValue<NumericType>): DurationValue;
export function hours(amount: Amount): Duration | DurationValue {
  return typeof amount === 'number' ? lengthOrGiven(amount, units.hours) : lengthOf('hour', amount);
}

export function days(amount: number): Duration;
export function days(amount: NumericValue<NumericType>): DurationValue;
export function days(amount: Amount): Duration | DurationValue {
  return typeof amount === 'number' ? lengthOrGiven(amount, units.days) : lengthOf('day', amount);
}

/** An amount of US dollars, exact to 12 decimal places. */
export function usd(amount: number | string): Usd {
  return exactOr(() => money.usd(amount), amount);
}

/** The cast gives the one runtime class its static type: an amount of a unit is a duration. */
function lengthOf(unit: DurationUnit, amount: NumericValue<NumericType>): DurationValue {
  const value: unknown = new ExpressionValue({ kind: 'duration', unit, amount: amount.expression });
  return value as DurationValue;
}

/** What the unit cannot hold, such as a negative length, is kept as it is: `checkDefinition` refuses it at its path. */
const lengthOrGiven = (amount: number, unit: (amount: number) => Duration): Duration =>
  exactOr(() => unit(amount), amount * unit(1));

/** The cast lets what is no quantity reach the checks, which read quantities as unknown values. */
function exactOr<Quantity>(make: () => Quantity, given: unknown): Quantity {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return given as Quantity;
  }
}
