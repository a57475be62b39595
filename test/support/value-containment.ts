import type { AbstractValue } from '../../lib/cost/ranges/values/abstract-value.ts';

/** Whether an actual value, `undefined` for none, is one of those that an abstract value allows. */
export function contains(abstract: AbstractValue, actual: unknown): boolean {
  if (abstract.kind === 'anything') return true;
  if (actual === undefined) return abstract.isAbsent;
  if (typeof actual === 'number') return containsNumber(abstract, actual);
  if (Array.isArray(actual)) return containsList(abstract, actual);
  if (typeof actual === 'string') return abstract.isAnyText || abstract.scalars.has(actual);
  if (actual === null || typeof actual === 'boolean') return abstract.scalars.has(actual);
  return typeof actual === 'object' && containsObject(abstract, new Map(Object.entries(actual)));
}

type Shape = Extract<AbstractValue, { kind: 'shape' }>;

function containsNumber({ numbers }: Shape, actual: number): boolean {
  if (numbers === null || (numbers.isWhole && !Number.isInteger(actual))) return false;
  return numbers.low <= actual && actual <= numbers.high;
}

function containsList({ lists }: Shape, actual: readonly unknown[]): boolean {
  if (lists === null || actual.length > lists.most) return false;
  const { elements, item } = lists;
  if (elements !== null && elements.length !== actual.length) return false;
  return actual.every((element, place) => {
    const known = elements?.[place];
    return contains(item, element) && (known === undefined || contains(known, element));
  });
}

function containsObject({ objects }: Shape, actual: ReadonlyMap<string, unknown>): boolean {
  if (objects === null) return false;
  const { fields, isOpen } = objects;
  const isKnown = isOpen || [...actual.keys()].every((name) => fields.has(name));
  return isKnown && [...fields].every(([name, value]) => contains(value, actual.get(name)));
}
