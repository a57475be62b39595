import { UserError } from '../errors/user-error.ts';
import type { Duration } from '../units/duration.ts';
import * as units from '../units/duration.ts';
import type { Usd } from '../units/usd.ts';
import * as money from '../units/usd.ts';
import type { DurationUnit } from './expression.ts';
import { ExpressionValue } from './expression-value.ts';
import type { DurationValue, NumericType, NumericValue } from './value.ts';

type Amount = number | NumericValue<NumericType>;

/** A length of time: of a constant a `Duration`, of a numeric expression a duration in expressions, to the microsecond. */
export function seconds(amount: number): Duration;
export function seconds(amount: NumericValue<NumericType>): DurationValue;
export function seconds(amount: Amount): Duration | DurationValue {
  return typeof amount === 'number' ? quantity(() => units.seconds(amount)) : lengthOf('second', amount);
}

export function minutes(amount: number): Duration;
export function minutes(amount: NumericValue<NumericType>): DurationValue;
export function minutes(amount: Amount): Duration | DurationValue {
  return typeof amount === 'number' ? quantity(() => units.minutes(amount)) : lengthOf('minute', amount);
}

export function hours(amount: number): Duration;
export function hours(amount: NumericValue<NumericType>): DurationValue;
export function hours(amount: Amount): Duration | DurationValue {
  return typeof amount === 'number' ? quantity(() => units.hours(amount)) : lengthOf('hour', amount);
}

export function days(amount: number): Duration;
export function days(amount: NumericValue<NumericType>): DurationValue;
export function days(amount: Amount): Duration | DurationValue {
  return typeof amount === 'number' ? quantity(() => units.days(amount)) : lengthOf('day', amount);
}

/** An amount of US dollars, exact to 12 decimal places. */
export function usd(amount: number | string): Usd {
  return quantity(() => money.usd(amount));
}

/** The cast gives the one runtime class its static type: an amount of a unit is a duration. */
function lengthOf(unit: DurationUnit, amount: NumericValue<NumericType>): DurationValue {
  const value: unknown = new ExpressionValue({ kind: 'duration', unit, amount: amount.expression });
  return value as DurationValue;
}

function quantity<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError({
      code: 'invalid-quantity',
      message: error.message,
      resolution: 'give an amount that the unit can hold exactly',
      cause: error,
    });
  }
}
