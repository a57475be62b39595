import { ABSENT, type AbstractValue, mayBeAbsent } from '../values/abstract-value.ts';
import { join } from '../values/join.ts';

/** What a function gives for its parameters; where it is called without one, the first is anything. */
export type RangeFunction = (first: AbstractValue, ...others: readonly AbstractValue[]) => AbstractValue;

/** Most functions give nothing for nothing. */
export const withAbsenceOf = (parameter: AbstractValue, value: AbstractValue): AbstractValue =>
  mayBeAbsent(parameter) ? join(value, ABSENT) : value;
