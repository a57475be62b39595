import {
  ABSENT,
  type AbstractValue,
  ANY_COUNT,
  ANY_NUMBER,
  ANY_TEXT,
  ANYTHING,
  IMPOSSIBLE,
  mayBeAbsent,
  mayBeSingle,
  numberIn,
  numbersOf,
  onlyNumbers,
  onlyText,
  type Scalar,
  scalarsOf,
} from '../values/abstract-value.ts';
import { join, joinAll } from '../values/join.ts';
import { elementsIn, mostIn } from '../values/lengths.ts';
import {
  ALL_NUMBERS,
  addRanges,
  exactly,
  multiplyRanges,
  type NumberRange,
  roundRange,
  wholeBetween,
} from '../values/number-range.ts';
import { type RangeFunction, withAbsenceOf } from './range-function.ts';

/** Functions that give numbers, and `$string`. */
export const NUMBER_FUNCTIONS = {
  count,
  sum,
  max: (values) => extreme(values, Math.max),
  min: (values) => extreme(values, Math.min),
  abs: (value) => (value.kind === 'anything' ? join(ANY_NUMBER, ABSENT) : mapNumbers(value, absolute)),
  floor: (value) => mapNumbers(value, (range) => roundRange(range, Math.floor)),
  ceil: (value) => mapNumbers(value, (range) => roundRange(range, Math.ceil)),
  round: (value, ...precision) => (precision.length > 0 ? ANYTHING : mapNumbers(value, rounded)),
  number: toNumber,
  string: (value, ...style) => (style.length > 0 ? join(ANY_TEXT, ABSENT) : toText(value)),
} satisfies Readonly<Record<string, RangeFunction>>;

function count(value: AbstractValue): AbstractValue {
  if (value.kind === 'anything') return ANY_COUNT;
  const { lists, isAbsent } = value;
  const single = mayBeSingle(value) ? numberIn(exactly(1)) : IMPOSSIBLE;
  const none = isAbsent ? numberIn(exactly(0)) : IMPOSSIBLE;
  const fewest = lists?.elements?.length ?? 0;
  const ofList = lists === null ? IMPOSSIBLE : numberIn(wholeBetween(fewest, lists.most));
  return joinAll([single, none, ofList]);
}

function sum(value: AbstractValue): AbstractValue {
  const known = value.kind === 'shape' && !mayBeSingle(value) ? (value.lists?.elements ?? null) : null;
  const ranges = known?.map(onlyNumbers);
  if (ranges?.every((range) => range !== undefined)) {
    return withAbsenceOf(value, numberIn(ranges.reduce(addRanges, exactly(0))));
  }
  const each = numbersOf(elementsIn(value));
  if (each === null) return withAbsenceOf(value, numberIn(exactly(0)));
  const isExact = each.isWhole && Number.isFinite(mostIn(value));
  const total = isExact ? multiplyRanges(wholeBetween(0, mostIn(value)), each) : ALL_NUMBERS;
  return withAbsenceOf(value, numberIn(total));
}

/** Of no numbers there is no greatest. */
function extreme(value: AbstractValue, choose: (...numbers: readonly number[]) => number): AbstractValue {
  if (value.kind === 'anything') return join(ANY_NUMBER, ABSENT);
  const known = mayBeSingle(value) ? null : (value.lists?.elements ?? null);
  const ranges = known?.map(onlyNumbers);
  if (ranges !== undefined && ranges.length > 0 && ranges.every((range) => range !== undefined)) {
    const low = choose(...ranges.map((range) => range.low));
    const high = choose(...ranges.map((range) => range.high));
    return withAbsenceOf(value, numberIn({ low, high, isWhole: ranges.every(({ isWhole }) => isWhole) }));
  }
  const mayBeEmpty = value.lists !== null || mayBeAbsent(value);
  const each = numberIn(withoutOffset(numbersOf(elementsIn(value))));
  return mayBeEmpty ? join(each, ABSENT) : each;
}

const withoutOffset = (range: NumberRange | null): NumberRange | null =>
  range === null ? null : { low: range.low, high: range.high, isWhole: range.isWhole };

function absolute({ low, high, isWhole }: NumberRange): NumberRange {
  const least = low <= 0 && high >= 0 ? 0 : Math.min(Math.abs(low), Math.abs(high));
  return { low: least, high: Math.max(Math.abs(low), Math.abs(high)), isWhole };
}

/** A half is rounded to the even number: to either side. */
const rounded = (range: NumberRange): NumberRange =>
  range.isWhole ? range : wholeBetween(Math.floor(range.low), Math.ceil(range.high));

function mapNumbers(value: AbstractValue, map: (range: NumberRange) => NumberRange): AbstractValue {
  const range = numbersOf(value);
  return withAbsenceOf(value, range === null ? IMPOSSIBLE : numberIn(map(range)));
}

function toNumber(value: AbstractValue): AbstractValue {
  if (value.kind === 'anything') return join(ANY_NUMBER, ABSENT);
  const ofTexts = value.isAnyText ? ANY_NUMBER : joinAll([...value.scalars].map(scalarToNumber));
  return withAbsenceOf(value, join(numberIn(withoutOffset(value.numbers)), ofTexts));
}

const DECIMAL = /^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/;

function scalarToNumber(scalar: Scalar): AbstractValue {
  if (typeof scalar === 'boolean') return numberIn(exactly(scalar ? 1 : 0));
  if (scalar === null) return IMPOSSIBLE;
  return DECIMAL.test(scalar) ? numberIn(exactly(Number(scalar))) : ANY_NUMBER;
}

function toText(value: AbstractValue): AbstractValue {
  const text = textOf(value);
  return text === undefined ? withAbsenceOf(value, ANY_TEXT) : scalarsOf(text);
}

/** The text that a value becomes, where it is one only. Numbers with a fraction are written in many ways. */
export function textOf(value: AbstractValue): string | undefined {
  const range = onlyNumbers(value);
  if (range === undefined) return onlyText(value);
  return range.low === range.high && isPlain(range) ? String(range.low) : undefined;
}

const isPlain = ({ low, isWhole }: NumberRange): boolean => isWhole && Math.abs(low) < 1e15;
