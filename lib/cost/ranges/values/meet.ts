import type { AbstractValue, ListShape, Scalar, Shape } from './abstract-value.ts';
import { meetRanges, type NumberRange } from './number-range.ts';

/** What is in both: all that a value can be of which both are known. Keeps what the first knows in detail. */
export function meet(a: AbstractValue, b: AbstractValue): AbstractValue {
  if (a.kind === 'anything') return b;
  if (b.kind === 'anything') return a;
  return {
    kind: 'shape',
    numbers: meetNumbers(a.numbers, b.numbers),
    scalars: meetScalars(a, b),
    isAnyText: a.isAnyText && b.isAnyText,
    lists: meetLists(a.lists, b.lists),
    objects: b.objects === null ? null : a.objects,
    isAbsent: a.isAbsent && b.isAbsent,
  };
}

const meetNumbers = (a: NumberRange | null, b: NumberRange | null): NumberRange | null =>
  a === null || b === null ? null : meetRanges(a, b);

const allows = ({ scalars, isAnyText }: Shape, scalar: Scalar): boolean =>
  scalars.has(scalar) || (isAnyText && typeof scalar === 'string');

const meetScalars = (a: Shape, b: Shape): ReadonlySet<Scalar> =>
  new Set([...a.scalars, ...b.scalars].filter((scalar) => allows(a, scalar) && allows(b, scalar)));

function meetLists(a: ListShape | null, b: ListShape | null): ListShape | null {
  if (a === null || b === null) return null;
  const most = Math.min(a.most, b.most);
  if (most === a.most) return a;
  return { most, item: a.item, elements: b.elements };
}
