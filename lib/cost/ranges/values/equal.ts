import type { AbstractValue, ListShape, ObjectShape, Shape } from './abstract-value.ts';
import { equalRanges } from './number-range.ts';

/** Whether two say the same; not telling `anything` apart by its reason. */
export function equals(a: AbstractValue, b: AbstractValue): boolean {
  if (a === b) return true;
  if (a.kind === 'anything' || b.kind === 'anything') return a.kind === b.kind;
  return (
    a.isAbsent === b.isAbsent &&
    equalScalars(a, b) &&
    equalParts(a.numbers, b.numbers, equalRanges) &&
    equalParts(a.lists, b.lists, equalLists) &&
    equalParts(a.objects, b.objects, equalObjects)
  );
}

function equalParts<Part>(a: Part | null, b: Part | null, equal: (a: Part, b: Part) => boolean): boolean {
  return a === b || (a !== null && b !== null && equal(a, b));
}

const equalScalars = (a: Shape, b: Shape): boolean =>
  a.isAnyText === b.isAnyText &&
  a.scalars.size === b.scalars.size &&
  [...a.scalars].every((scalar) => b.scalars.has(scalar));

function equalLists(a: ListShape, b: ListShape): boolean {
  if (a.most !== b.most || !equals(a.item, b.item)) return false;
  return equalParts(
    a.elements,
    b.elements,
    (first, second) =>
      first.length === second.length &&
      first.every((element, place) => {
        const other = second[place];
        return other !== undefined && equals(element, other);
      }),
  );
}

function equalObjects(a: ObjectShape, b: ObjectShape): boolean {
  if (a.isOpen !== b.isOpen || a.fields.size !== b.fields.size) return false;
  return [...a.fields].every(([name, value]) => {
    const other = b.fields.get(name);
    return other !== undefined && equals(value, other);
  });
}
