import { assertNever } from '../../../errors/fault.ts';
import type { Expression } from './expression.ts';

/*
 * Where JSONata evaluates something for each element of a list, and an element is a list itself, two of its habits are
 * not what the text says. Expressions that depend on them are not read.
 */

/**
 * Whether a path in it begins with neither a variable nor a list: where the element in hand is a list itself, such a
 * path is walked once for each of its elements.
 */
export function walksContext(expression: Expression): boolean {
  const isPath = expression.kind === 'field' || expression.kind === 'each';
  return (isPath && !beginsFirmly(expression.of)) || partsOf(expression).some(walksContext);
}

function beginsFirmly(expression: Expression): boolean {
  switch (expression.kind) {
    case 'field':
    case 'each':
    case 'filter':
      return beginsFirmly(expression.of);
    default:
      return expression.kind === 'reference' || expression.kind === 'list';
  }
}

/**
 * Whether evaluating it can change the data that it reads: an object made for an element that is an empty list puts
 * an element into that list, and the list is read once more, or is what a filter picks.
 */
export function changesData(expression: Expression): boolean {
  const filters = filtersIn(expression);
  if (filters.some(makesObject)) return true;
  const counts = Map.groupBy(referencesIn(expression), (name) => name);
  return changedNamesIn(expression).some((name) => (counts.get(name)?.length ?? 0) > 1);
}

const makesObject = (expression: Expression): boolean =>
  expression.kind === 'record' || partsOf(expression).some(makesObject);

function filtersIn(expression: Expression): readonly Expression[] {
  const own = expression.kind === 'filter' ? [expression.by] : expression.kind === 'field' ? expression.filters : [];
  return [...own, ...partsOf(expression).flatMap(filtersIn)];
}

/** The variables in whose data objects are made for each element. */
function changedNamesIn(expression: Expression): readonly string[] {
  const own = expression.kind === 'each' && makesObject(expression.each) ? referencesIn(expression.of) : [];
  return [...own, ...partsOf(expression).flatMap(changedNamesIn)];
}

const referencesIn = (expression: Expression): readonly string[] =>
  expression.kind === 'reference' ? [expression.name] : partsOf(expression).flatMap(referencesIn);

export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'opaque':
    case 'literal':
    case 'reference':
      return [];
    case 'field':
      return [expression.of, ...expression.filters];
    case 'each':
      return [expression.of, expression.each];
    case 'filter':
      return [expression.of, expression.by];
    case 'listed':
    case 'negation':
    case 'last-call':
      return [expression.of];
    case 'list':
      return expression.parts.map(({ value }) => value);
    case 'record':
      return expression.fields.map(([, value]) => value);
    case 'arithmetic':
    case 'comparison':
    case 'equality':
    case 'logic':
    case 'other':
      return [expression.left, expression.right];
    case 'condition':
      return [
        expression.condition,
        expression.whenTrue,
        ...(expression.whenFalse === null ? [] : [expression.whenFalse]),
      ];
    case 'call':
      return expression.parameters;
    case 'lambda':
      return [expression.body];
    case 'block':
      return expression.statements.map(({ value }) => value);
    default:
      return assertNever(expression);
  }
}
