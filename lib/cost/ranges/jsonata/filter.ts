import {
  ABSENT,
  type AbstractValue,
  ANYTHING,
  isImpossible,
  mayBeAbsent,
  mayBeList,
  mayBeSingle,
  scalarsOf,
} from '../values/abstract-value.ts';
import { join } from '../values/join.ts';
import { elementsIn, mostIn } from '../values/lengths.ts';
import { elementAt, fieldOf, pickedFrom } from '../values/select.ts';
import type { Evaluate, View } from '../view.ts';
import { type Expression, isContextFree } from './expression.ts';

/** `value[filter]`, and `value.name[filter]`: there the filter picks from the field of each element. */
export function evaluateFiltered(
  expression: Extract<Expression, { kind: 'field' | 'filter' }>,
  view: View,
  evaluate: Evaluate,
): AbstractValue {
  const value = evaluate(expression.of, view);
  if (expression.kind === 'filter') return filtered(value, expression.by, view, evaluate);
  const field = fieldOf(value, expression.name);
  if (expression.filters.length > 0 && mayBeList(value)) return ANYTHING;
  return expression.filters.reduce((picked, by) => filtered(picked, by, view, evaluate), field);
}

function filtered(value: AbstractValue, by: Expression, view: View, evaluate: Evaluate): AbstractValue {
  if (isImpossible(value)) return value;
  if (by.kind === 'literal' && typeof by.value === 'number') return elementAt(value, by.value);
  const filter = evaluate(by, view);
  const picked = pickedFrom(picks(filter, mostIn(value), isContextFree(by)), elementsIn(value));
  return mayBeAbsent(value) ? join(picked, pickedFromNone(picks(filter, 1, isContextFree(by)))) : picked;
}

/** JSONata picks from no value as from a list of one that has none: twice picked, that is a list of nulls. */
const pickedFromNone = (most: number): AbstractValue => (most < 2 ? ABSENT : pickedFrom(most, scalarsOf(null)));

/**
 * The most elements that a filter picks from `most`. A number picks the element at that place, a list of numbers one
 * for each of them, repeated ones too; anything else picks an element or does not.
 */
function picks(filter: AbstractValue, most: number, isSameForAll: boolean): number {
  if (most === 0) return 0;
  if (filter.kind === 'anything') return Number.POSITIVE_INFINITY;
  const { lists, numbers } = filter;
  const byOne = mayBeSingle({ ...filter, numbers: null }) ? most : 0;
  const byNumber = numbers === null ? 0 : isSameForAll ? 1 : most;
  if (lists === null) return Math.max(byOne, byNumber);
  const byList = isSameForAll ? lists.most : lists.most * most;
  return Math.max(byOne, byNumber, byList, hasOnlyNumbers(lists.item) ? 0 : most);
}

const hasOnlyNumbers = (item: AbstractValue): boolean =>
  item.kind === 'shape' && item.lists === null && !item.isAbsent && !mayBeSingle({ ...item, numbers: null });
