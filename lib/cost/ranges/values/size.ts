import type { AbstractValue } from './abstract-value.ts';

/** Whether a value has more than so many parts, counting those again that are there more than once. */
export function isLargerThan(limit: number, value: AbstractValue): boolean {
  const pending: AbstractValue[] = [value];
  for (let count = 0; count <= limit; count += 1) {
    const next = pending.pop();
    if (next === undefined) return false;
    if (next.kind === 'shape') pending.push(...partsOf(next));
  }
  return true;
}

function partsOf({ lists, objects }: Extract<AbstractValue, { kind: 'shape' }>): readonly AbstractValue[] {
  const elements = lists === null ? [] : (lists.elements ?? [lists.item]);
  return objects === null ? elements : [...elements, ...objects.fields.values()];
}
