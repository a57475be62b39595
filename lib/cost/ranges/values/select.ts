import {
  ABSENT,
  type AbstractValue,
  ANYTHING,
  IMPOSSIBLE,
  isImpossible,
  type ListShape,
  listUpTo,
  mayBeList,
  mayBeSingle,
  type ObjectShape,
  recordWith,
  shapeOf,
  withoutAbsent,
} from './abstract-value.ts';
import { fieldIn, join } from './join.ts';

/** What a path of field names leads to. Of lists it takes the field of each element, as JSONata does. */
export const select = (value: AbstractValue, path: readonly string[]): AbstractValue => path.reduce(fieldOf, value);

export function fieldOf(value: AbstractValue, name: string): AbstractValue {
  if (value.kind === 'anything' || isImpossible(value)) return value;
  const others = value.isAbsent || mayBeSingle({ ...value, objects: null }) ? ABSENT : IMPOSSIBLE;
  const ofObject = value.objects === null ? others : join(others, fieldIn(value.objects, name));
  return value.lists === null ? ofObject : join(ofObject, fieldOfElements(value.lists, name));
}

function fieldOfElements({ most, item }: ListShape, name: string): AbstractValue {
  return most === 0 ? ABSENT_LIST : sequenceOf(most, fieldOf(item, name));
}

/** JSONata leaves an empty list as it is where it was looked into. */
const ABSENT_LIST = join(ABSENT, listUpTo(0, IMPOSSIBLE));

/**
 * What JSONata makes of up to `most` values that are put into one sequence: nothing of none, of one that value itself.
 * A value that is a list flows into the sequence, so that nothing is known of its length.
 */
export function sequenceOf(most: number, value: AbstractValue): AbstractValue {
  if (most === 0) return ABSENT_LIST;
  return mayBeList(value) ? ANYTHING : pickedFrom(most, value);
}

/** The same of elements that were picked, which stay what they are: one that is a list is one element. */
export function pickedFrom(most: number, element: AbstractValue): AbstractValue {
  if (most < 1) return ABSENT;
  const one = join(element, ABSENT);
  return most < 2 ? one : join(one, listUpTo(most, withoutAbsent(element)));
}

/** The element at a place, counted from zero; a negative place counts from the end. */
export function elementAt(value: AbstractValue, place: number): AbstractValue {
  if (value.kind === 'anything' || isImpossible(value)) return value;
  const { lists } = value;
  const single = { ...value, lists: null };
  const ofSingle = isImpossible(single) ? single : join(single, ABSENT);
  if (lists === null) return ofSingle;
  const known = lists.elements?.at(Math.floor(place));
  if (known !== undefined) return join(ofSingle, known);
  return join(ofSingle, lists.most === 0 ? ABSENT : join(lists.item, ABSENT));
}

/** The value with another put in the place where a path leads. What the path passes becomes an object. */
export function insert(value: AbstractValue, path: readonly string[], inserted: AbstractValue): AbstractValue {
  const [name, ...rest] = path;
  if (name === undefined) return inserted;
  if (isImpossible(value)) return value;
  const parent = objectOf(value);
  const fields = new Map(parent.fields);
  fields.set(name, insert(fieldIn(parent, name), rest, inserted));
  return shapeOf({ objects: { fields, isOpen: parent.isOpen } });
}

const EMPTY: ObjectShape = { fields: new Map(), isOpen: false };

function objectOf(value: AbstractValue): ObjectShape {
  if (value.kind === 'anything') return { ...EMPTY, isOpen: true };
  const { objects } = value;
  if (objects === null) return EMPTY;
  const others = { ...value, objects: null };
  if (isImpossible(others)) return objects;
  const either = join(shapeOf({ objects }), recordWith(new Map()));
  return either.kind === 'shape' && either.objects !== null ? either.objects : EMPTY;
}
