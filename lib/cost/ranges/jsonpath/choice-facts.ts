import { isObject, type JsonObject } from '../../json-object.ts';
import { opposite } from '../jsonata/comparison.ts';
import {
  type AbstractValue,
  isImpossible,
  numberIn,
  numbersOf,
  onlyNumbers,
  shapeOf,
  withoutAbsent,
} from '../values/abstract-value.ts';
import { constant } from '../values/constant.ts';
import { join } from '../values/join.ts';
import { meet } from '../values/meet.ts';
import { type ComparisonOperator, compareRange, type NumberRange } from '../values/number-range.ts';
import type { Fact, Place, View } from '../view.ts';
import { evaluatePath, placeAt } from './json-path.ts';

const COMPARISONS: ReadonlyMap<string, ComparisonOperator> = new Map([
  ['NumericLessThan', '<'],
  ['NumericLessThanEquals', '<='],
  ['NumericGreaterThan', '>'],
  ['NumericGreaterThanEquals', '>='],
]);
const EQUALITIES: ReadonlySet<string> = new Set(['NumericEquals', 'StringEquals', 'BooleanEquals']);

/** What is known where a choice rule of JSONPath applies, or where it does not. `document` is the place of `$`. */
export function choiceFacts(rule: JsonObject, holds: boolean, document: Place): readonly Fact[] {
  const { And, Or, Not, Variable } = rule;
  if (isObject(Not)) return choiceFacts(Not, !holds, document);
  if (Array.isArray(And)) return holds ? factsOfAll(And, holds, document) : [];
  if (Array.isArray(Or)) return holds ? [] : factsOfAll(Or, holds, document);
  const place = typeof Variable === 'string' ? placeAt(Variable, document) : null;
  if (place === null) return [];
  return Object.entries(rule).flatMap(([field, value]) => comparisonFacts(field, value, { place, holds, document }));
}

const factsOfAll = (rules: readonly unknown[], holds: boolean, document: Place): readonly Fact[] =>
  rules.flatMap((rule) => (isObject(rule) ? choiceFacts(rule, holds, document) : []));

interface Subject {
  readonly place: Place;
  readonly holds: boolean;
  readonly document: Place;
}

function comparisonFacts(field: string, value: unknown, { place, holds, document }: Subject): readonly Fact[] {
  const isPath = field.endsWith('Path');
  const name = isPath ? field.slice(0, -'Path'.length) : field;
  const other = (view: View): AbstractValue => (isPath ? evaluatePath(String(value), view, document) : constant(value));
  if (EQUALITIES.has(name) && holds) {
    return [{ place, restrict: (known, view) => meet(known, withoutAbsent(other(view))) }];
  }
  const operator = COMPARISONS.get(name);
  return operator === undefined ? [] : [numericFact(place, holds ? operator : opposite(operator), { holds, other })];
}

interface Compared {
  readonly holds: boolean;
  readonly other: (view: View) => AbstractValue;
}

function numericFact(place: Place, operator: ComparisonOperator, { holds, other }: Compared): Fact {
  return {
    place,
    comparison: { operator, limit: (view) => limitOf(other(view), holds) },
    restrict: (known, view) => {
      const compared = other(view);
      return isImpossible(compared) ? compared : restrict(known, operator, { limit: limitOf(compared, holds), holds });
    },
  };
}

/** Between anything but two numbers a comparison does not hold: then it says nothing. */
const limitOf = (other: AbstractValue, holds: boolean): NumberRange | null =>
  holds ? numbersOf(other) : (onlyNumbers(other) ?? null);

function restrict(
  known: AbstractValue,
  operator: ComparisonOperator,
  { limit, holds }: { readonly limit: NumberRange | null; readonly holds: boolean },
): AbstractValue {
  if (limit === null) return holds ? shapeOf({}) : known;
  const numbers = numbersOf(known);
  const compared = numberIn(numbers === null ? null : compareRange(numbers, operator, limit));
  if (holds) return compared;
  if (known.kind === 'anything') return known;
  const others: AbstractValue = { ...known, numbers: null };
  return isImpossible(others) ? compared : join(others, compared);
}
