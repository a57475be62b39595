import {
  ABSENT,
  type AbstractValue,
  ANYTHING,
  IMPOSSIBLE,
  type ListShape,
  MAX_NESTING,
  type ObjectShape,
  type Scalar,
} from './abstract-value.ts';
import { joinRanges, type NumberRange, widenRange } from './number-range.ts';

/** Texts that are told apart; of more it is only known that they are texts. */
const MAX_SCALARS = 32;

/** How two possibilities become one: what is exact for a join is a guess of where growth ends for a widening. */
interface Merging {
  readonly ranges: (a: NumberRange, b: NumberRange) => NumberRange;
  readonly lengths: (a: number, b: number) => number;
}

const JOINING: Merging = { ranges: joinRanges, lengths: Math.max };
const WIDENING: Merging = {
  ranges: (known, grown) => widenRange(known, joinRanges(known, grown)),
  lengths: (known, grown) => (grown > known ? Number.POSITIVE_INFINITY : known),
};

/** Either of the two. */
export const join = (a: AbstractValue, b: AbstractValue): AbstractValue => merge(a, b, JOINING, 0);

export const joinAll = (values: readonly AbstractValue[]): AbstractValue => values.reduce(join, IMPOSSIBLE);

/** Either of the two, and whatever `known` would become if it went on to grow like that. */
export const widen = (known: AbstractValue, grown: AbstractValue): AbstractValue => merge(known, grown, WIDENING, 0);

function merge(a: AbstractValue, b: AbstractValue, merging: Merging, nesting: number): AbstractValue {
  if (a === b) return a;
  if (a.kind === 'anything') return a;
  if (b.kind === 'anything') return b;
  if (nesting > MAX_NESTING) return ANYTHING;
  const scalars = uniteSets(a.scalars, b.scalars);
  return {
    kind: 'shape',
    numbers: mergeParts(a.numbers, b.numbers, merging.ranges),
    scalars: scalars.size > MAX_SCALARS ? withoutTexts(scalars) : scalars,
    isAnyText: a.isAnyText || b.isAnyText || scalars.size > MAX_SCALARS,
    lists: mergeParts(a.lists, b.lists, (first, second) => mergeLists(first, second, merging, nesting + 1)),
    objects: mergeParts(a.objects, b.objects, (first, second) => mergeObjects(first, second, merging, nesting + 1)),
    isAbsent: a.isAbsent || b.isAbsent,
  };
}

const uniteSets = (a: ReadonlySet<Scalar>, b: ReadonlySet<Scalar>): ReadonlySet<Scalar> =>
  b.size === 0 ? a : new Set([...a, ...b]);

const withoutTexts = (scalars: ReadonlySet<Scalar>): ReadonlySet<Scalar> =>
  new Set([...scalars].filter((scalar) => typeof scalar !== 'string'));

function mergeParts<Part>(a: Part | null, b: Part | null, mergeBoth: (a: Part, b: Part) => Part): Part | null {
  if (a === null || b === null) return a ?? b;
  return a === b ? a : mergeBoth(a, b);
}

function mergeLists(a: ListShape, b: ListShape, merging: Merging, nesting: number): ListShape {
  const most = merging.lengths(a.most, b.most);
  const item = merge(a.item, b.item, merging, nesting);
  const others = b.elements;
  if (a.elements === null || others === null || a.elements.length !== others.length) {
    return { most, item, elements: null };
  }
  const elements = a.elements.map((element, place) => merge(element, others[place] ?? ANYTHING, merging, nesting));
  return { most, item, elements };
}

function mergeObjects(a: ObjectShape, b: ObjectShape, merging: Merging, nesting: number): ObjectShape {
  const isOpen = a.isOpen || b.isOpen;
  const fields = new Map<string, AbstractValue>();
  for (const name of new Set([...a.fields.keys(), ...b.fields.keys()])) {
    const value = merge(fieldIn(a, name), fieldIn(b, name), merging, nesting);
    if (!isOpen || value.kind !== 'anything') fields.set(name, value);
  }
  return { fields, isOpen };
}

/** What is in the field of an object. */
export const fieldIn = ({ fields, isOpen }: ObjectShape, name: string): AbstractValue =>
  fields.get(name) ?? (isOpen ? ANYTHING : ABSENT);
