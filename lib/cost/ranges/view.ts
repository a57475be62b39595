import type { Expression } from './jsonata/expression.ts';
import type { AbstractValue } from './values/abstract-value.ts';
import type { ComparisonOperator, NumberRange } from './values/number-range.ts';
import { select } from './values/select.ts';

/** A place in the data of a state: a variable, or `states` with `input`, `result` and the like, and a path into it. */
export interface Place {
  readonly name: string;
  readonly path: readonly string[];
}

/** What an expression sees: the values of variables and of the state's data. */
export interface View {
  readonly read: (place: Place) => AbstractValue;
  /** Names that the expression itself has bound. */
  readonly locals: ReadonlySet<string>;
}

/** Something that is known of a place where a condition holds. */
export interface Fact {
  readonly place: Place;
  /** What is left of the values that the place could have; other sides of a comparison are read from `view`. */
  readonly restrict: (value: AbstractValue, view: View) => AbstractValue;
  /** Where it says that the number at the place stands before `operator limit`; null where nothing limits it. */
  readonly comparison?: {
    readonly operator: ComparisonOperator;
    readonly limit: (view: View) => NumberRange | null;
  };
}

export type Evaluate = (expression: Expression, view: View) => AbstractValue;

const SEPARATOR = '\u0000';

export const placeKey = ({ name, path }: Place): string => [name, ...path].join(SEPARATOR);

export const isSamePlace = (a: Place, b: Place): boolean =>
  a.name === b.name && a.path.length === b.path.length && startsWith(a.path, b.path);

export const startsWith = (path: readonly string[], beginning: readonly string[]): boolean =>
  beginning.every((field, index) => path[index] === field);

/** The view in which a name stands for a local value. */
export const withLocal = (view: View, name: string, value: AbstractValue): View => ({
  read: (place) => (place.name === name ? select(value, place.path) : view.read(place)),
  locals: new Set([...view.locals, name]),
});

/** The view where the facts hold. */
export function withFacts(view: View, facts: readonly Fact[]): View {
  if (facts.length === 0) return view;
  return {
    read: (place) =>
      facts
        .filter((fact) => isSamePlace(fact.place, place))
        .reduce((value, fact) => fact.restrict(value, view), view.read(place)),
    locals: view.locals,
  };
}
