import {
  ABSENT,
  type AbstractValue,
  IMPOSSIBLE,
  isImpossible,
  listUpTo,
  mayBeAbsent,
  mayBeList,
  mayBeSingle,
  numberIn,
  numbersOf,
  type Shape,
  shapeOf,
  withoutAbsent,
} from '../values/abstract-value.ts';
import { listWith } from '../values/constant.ts';
import { join, joinAll } from '../values/join.ts';
import { elementsIn, mostIn } from '../values/lengths.ts';
import { exactly, wholeBetween } from '../values/number-range.ts';
import type { Expression, ListPart } from './expression.ts';

/** Longer ranges of numbers are known by their length alone. */
const MAX_LISTED = 256;

/** One part of a list in the making: what it contributes. */
interface Contribution {
  readonly most: number;
  readonly item: AbstractValue;
  readonly elements: readonly AbstractValue[] | null;
}

/** `[a, b, …]`: what a part gives that is a list flows in, but for a part that is written as one. */
export function buildList(
  parts: readonly ListPart[],
  evaluatePart: (part: Expression) => AbstractValue,
): AbstractValue {
  const values = parts.map(({ value }) => evaluatePart(value));
  if (values.some(isImpossible)) return IMPOSSIBLE;
  const contributions = values.map((value, place) =>
    parts[place]?.isNested === true ? nested(value) : contribution(value),
  );
  const known = contributions.map(({ elements }) => elements);
  return shapeOf({
    lists: {
      most: contributions.reduce((sum, { most }) => sum + most, 0),
      item: joinAll(contributions.map(({ item }) => item)),
      elements: known.every((elements) => elements !== null) ? known.flat() : null,
    },
  });
}

function nested(value: AbstractValue): Contribution {
  const item = withoutAbsent(value);
  return { most: 1, item, elements: mayBeAbsent(value) ? null : [item] };
}

function contribution(value: AbstractValue): Contribution {
  const unknown = { most: mostIn(value), item: elementsIn(value), elements: null };
  if (value.kind === 'anything' || value.isAbsent) return unknown;
  if (!mayBeList(value)) return { ...unknown, elements: [value] };
  return mayBeSingle(value) ? unknown : { ...unknown, elements: value.lists?.elements ?? null };
}

/** `first..last`, both inclusive: whole numbers, none where the first is the greater. */
export function rangeOf(first: AbstractValue, last: AbstractValue): AbstractValue {
  const [from, to] = [numbersOf(first), numbersOf(last)];
  if (from === null || to === null) return ABSENT;
  const [low, high] = [Math.ceil(from.low), Math.floor(to.high)];
  const most = Math.max(0, high - low + 1);
  const isExact = isOne(first) && isOne(last);
  if (isExact && most <= MAX_LISTED && most > 0) {
    return listWith(Array.from({ length: most }, (_, place) => numberIn(exactly(low + place))));
  }
  return join(listUpTo(most, numberIn(wholeBetween(low, high))), ABSENT);
}

function isOne(value: AbstractValue): boolean {
  if (value.kind === 'anything' || value.isAbsent || value.numbers === null) return false;
  return value.numbers.low === value.numbers.high;
}

/** `path[]`: what it gives, in a list of its own where it is none. */
export function toList(value: AbstractValue): AbstractValue {
  if (value.kind === 'anything') return join(listUpTo(Number.POSITIVE_INFINITY, value), ABSENT);
  const lists: Shape = shapeOf({ lists: value.lists, isAbsent: value.isAbsent });
  return mayBeSingle(value) ? join(lists, listUpTo(1, { ...value, lists: null, isAbsent: false })) : lists;
}
