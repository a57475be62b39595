import { type AbstractValue, ANYTHING, IMPOSSIBLE, mayBeSingle } from './abstract-value.ts';
import { join } from './join.ts';

/** The most elements that a value has where a list is wanted: one that is no list counts one, none zero. */
export function mostIn(value: AbstractValue): number {
  if (value.kind === 'anything') return Number.POSITIVE_INFINITY;
  return Math.max(value.lists?.most ?? 0, mayBeSingle(value) ? 1 : 0);
}

/** What such an element can be. */
export function elementsIn(value: AbstractValue): AbstractValue {
  if (value.kind === 'anything') return ANYTHING;
  const single: AbstractValue = { ...value, lists: null, isAbsent: false };
  return join(single, value.lists?.item ?? IMPOSSIBLE);
}
