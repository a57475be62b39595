import { isObject } from '../../json-object.ts';
import { isUnresolved } from '../../unresolved.ts';
import {
  type AbstractValue,
  ANYTHING,
  MAX_NESTING,
  numberIn,
  recordWith,
  type Scalar,
  type Shape,
  scalarsOf,
  shapeOf,
} from './abstract-value.ts';
import { joinAll } from './join.ts';
import { exactly } from './number-range.ts';

/** The value that a JSON constant is; what is unresolved in it is anything. */
export function constant(json: unknown, nesting = 0): AbstractValue {
  if (isUnresolved(json)) return { kind: 'anything', because: json };
  if (nesting > MAX_NESTING) return ANYTHING;
  if (typeof json === 'number') return numberIn(exactly(json));
  if (Array.isArray(json)) return listWith(json.map((element: unknown) => constant(element, nesting + 1)));
  if (isObject(json)) {
    return recordWith(new Map(Object.entries(json).map(([name, value]) => [name, constant(value, nesting + 1)])));
  }
  return isScalar(json) ? scalarsOf(json) : ANYTHING;
}

const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === 'string' || typeof value === 'boolean';

/** A list of exactly these elements, each of which is there. */
export const listWith = (elements: readonly AbstractValue[]): Shape =>
  shapeOf({ lists: { most: elements.length, item: joinAll(elements), elements } });
