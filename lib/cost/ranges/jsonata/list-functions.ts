import {
  ABSENT,
  type AbstractValue,
  ANY_TEXT,
  IMPOSSIBLE,
  listUpTo,
  mayBeSingle,
  numberIn,
  numbersOf,
  withoutAbsent,
} from '../values/abstract-value.ts';
import { join } from '../values/join.ts';
import { elementsIn, mostIn } from '../values/lengths.ts';
import { ALL_NUMBERS, between, type NumberRange } from '../values/number-range.ts';
import { sequenceOf } from '../values/select.ts';
import { type RangeFunction, withAbsenceOf } from './range-function.ts';

/** Functions that give lists. Where JSONata makes a sequence of them, a list of one is that one. */
export const LIST_FUNCTIONS = {
  append,
  reverse: rearranged,
  sort: rearranged,
  shuffle: rearranged,
  distinct,
  partition,
  range,
  split,
} satisfies Readonly<Record<string, RangeFunction>>;

function append(first: AbstractValue, second: AbstractValue = ABSENT): AbstractValue {
  const both = listUpTo(mostIn(first) + mostIn(second), join(elementsIn(first), elementsIn(second)));
  return withAbsenceOf(first, withAbsenceOf(second, joinIfAbsent(joinIfAbsent(both, first, second), second, first)));
}

/** Without one of the two, `$append` gives the other as it is. */
const joinIfAbsent = (both: AbstractValue, missing: AbstractValue, other: AbstractValue): AbstractValue =>
  missing.kind === 'anything' || missing.isAbsent ? join(both, withoutAbsent(other)) : both;

/** The same elements in some order. */
function rearranged(value: AbstractValue): AbstractValue {
  return withAbsenceOf(value, listUpTo(mostIn(value), elementsIn(value)));
}

function distinct(value: AbstractValue): AbstractValue {
  if (value.kind === 'anything') return value;
  const { lists } = value;
  const single = { ...value, lists: null };
  return lists === null
    ? value
    : join(single, join(sequenceOf(lists.most, lists.item), listUpTo(lists.most, lists.item)));
}

/** `$partition(items, size)`; one part may be given as it is. */
function partition(items: AbstractValue, size: AbstractValue = IMPOSSIBLE): AbstractValue {
  const sizes = numbersOf(size) ?? ALL_NUMBERS;
  const most = mostIn(items);
  const part = listUpTo(Math.min(most, Math.max(1, sizes.high)), elementsIn(items));
  const parts = listUpTo(Math.ceil(most / Math.max(1, sizes.low)), part);
  return withAbsenceOf(items, join(parts, part));
}

/** `$range(first, last, step)`, both ends inclusive. */
function range(
  first: AbstractValue,
  last: AbstractValue = IMPOSSIBLE,
  step: AbstractValue = IMPOSSIBLE,
): AbstractValue {
  const [from, to, by] = [numbersOf(first), numbersOf(last), numbersOf(step)];
  if (from === null || to === null || by === null) return ABSENT;
  const elements = between(Math.min(from.low, to.low), Math.max(from.high, to.high));
  const most = stepsIn(from, to, by);
  return join(sequenceOf(most, numberIn(elements)), listUpTo(most, numberIn(elements)));
}

/** The most numbers from one to another, both inclusive, with a step of proven direction. */
export function stepsIn(from: NumberRange, to: NumberRange, by: NumberRange): number {
  if (by.low > 0) return Math.max(0, Math.floor((to.high - from.low) / by.low) + 1);
  if (by.high < 0) return Math.max(0, Math.floor((from.high - to.low) / -by.high) + 1);
  return Number.POSITIVE_INFINITY;
}

function split(
  text: AbstractValue,
  _separator: AbstractValue = IMPOSSIBLE,
  limit: AbstractValue = ABSENT,
): AbstractValue {
  const most =
    mayBeSingle(limit) && !(limit.kind === 'anything' || limit.isAbsent) ? numbersOf(limit)?.high : undefined;
  return withAbsenceOf(
    text,
    listUpTo(most === undefined ? Number.POSITIVE_INFINITY : Math.max(0, Math.ceil(most)), ANY_TEXT),
  );
}
