import {
  ABSENT,
  type AbstractValue,
  ANY_OBJECT,
  IMPOSSIBLE,
  isImpossible,
  listUpTo,
  mayBeAbsent,
  mayBeList,
  numberIn,
  type ObjectShape,
  onlyNumbers,
  shapeOf,
  withoutAbsent,
} from '../values/abstract-value.ts';
import { listWith } from '../values/constant.ts';
import { fieldIn, join } from '../values/join.ts';
import { elementsIn, mostIn } from '../values/lengths.ts';
import { between, exactly, wholeBetween } from '../values/number-range.ts';
import { pickedFrom, sequenceOf } from '../values/select.ts';
import { type Evaluate, type View, withLocal } from '../view.ts';
import type { Expression, ListPart } from './expression.ts';

type Call = Extract<Expression, { kind: 'call' }>;
type Lambda = Extract<Expression, { kind: 'lambda' }>;

/** Functions whose parameters are more than values; undefined for all others. */
export function callHigher({ name, parameters }: Call, view: View, evaluate: Evaluate): AbstractValue | undefined {
  const [first, second] = parameters;
  if (first === undefined) return undefined;
  if (parameters.length === 1 && name === 'merge') return merge(first, view, evaluate);
  if (parameters.length === 1 && first.kind === 'list') return clampedExtreme(name, first.parts, { view, evaluate });
  if (second?.kind !== 'lambda' || parameters.length !== 2) return undefined;
  if (name === 'map') return map(evaluate(first, view), second, { view, evaluate });
  return name === 'filter' ? filter(evaluate(first, view)) : undefined;
}

/**
 * `$min([$value, 10])` is 10 at most, whatever the value: known where the other parts are data, which are numbers where
 * there is a least of them. Undefined for all else.
 */
function clampedExtreme(
  name: string,
  parts: readonly ListPart[],
  { view, evaluate }: Evaluation,
): AbstractValue | undefined {
  const limits = parts.flatMap(({ value }) => onlyNumbers(evaluate(value, view)) ?? []);
  const others = parts.filter(({ value }) => onlyNumbers(evaluate(value, view)) === undefined);
  const areData = others.every(({ value }) => value.kind === 'reference' && !view.locals.has(value.name));
  if (limits.length === 0 || others.length === 0 || !areData) return undefined;
  if (name === 'min') return numberIn(between(Number.NEGATIVE_INFINITY, Math.min(...limits.map(({ high }) => high))));
  return name === 'max'
    ? numberIn(between(Math.max(...limits.map(({ low }) => low)), Number.POSITIVE_INFINITY))
    : undefined;
}

interface Evaluation {
  readonly view: View;
  readonly evaluate: Evaluate;
}

function map(items: AbstractValue, { names, body }: Lambda, { view, evaluate }: Evaluation): AbstractValue {
  return mapElements(items, (element, index) => {
    const values = [element, index, listUpTo(mostIn(items), elementsIn(items))];
    const locals = names.reduce((outer, name, place) => withLocal(outer, name, values[place] ?? element), view);
    return evaluate(body, locals);
  });
}

const filter = (items: AbstractValue): AbstractValue =>
  isImpossible(items) ? items : pickedFrom(mostIn(items), elementsIn(items));

/** What comes of evaluating something for each element of a value; a value that is no list is its only element. */
export function mapElements(
  items: AbstractValue,
  apply: (element: AbstractValue, index: AbstractValue) => AbstractValue,
): AbstractValue {
  if (isImpossible(items)) return items;
  const most = mostIn(items);
  const known = items.kind === 'shape' && !items.isAbsent ? (items.lists?.elements ?? null) : null;
  if (known !== null && known.length >= 2) {
    const mapped = known.map((element, place) => apply(element, numberIn(exactly(place))));
    if (!mapped.some((value) => mayBeList(value) || mayBeAbsent(value)))
      return orSingle(items, listWith(mapped), apply);
  }
  return sequenceOf(most, apply(elementsIn(items), numberIn(wholeBetween(0, Math.max(0, most - 1)))));
}

function orSingle(
  items: AbstractValue,
  ofList: AbstractValue,
  apply: (element: AbstractValue, index: AbstractValue) => AbstractValue,
): AbstractValue {
  const single: AbstractValue = items.kind === 'anything' ? items : { ...items, lists: null };
  return isImpossible(single) ? ofList : join(ofList, sequenceOf(1, apply(single, numberIn(exactly(0)))));
}

/** `$merge([a, b])`: the fields of the later ones take the place of the earlier ones. */
function merge(parameter: Expression, view: View, evaluate: Evaluate): AbstractValue {
  const parts = parameter.kind === 'list' ? parameter.parts.map(({ value }) => value) : [parameter];
  const values = parts.map((part) => evaluate(part, view));
  if (values.some(isImpossible)) return IMPOSSIBLE;
  if (parameter.kind !== 'list') return join(ANY_OBJECT, ABSENT);
  return shapeOf({ objects: values.map(objectsIn).reduce(overlay, { fields: new Map(), isOpen: false }) });
}

/** The object that a part contributes: of a list, and of what may be one, any object. */
function objectsIn(value: AbstractValue): ObjectShape {
  const isKnown = value.kind === 'shape' && value.lists === null && value.objects !== null && !value.isAbsent;
  return isKnown && value.objects !== null ? value.objects : { fields: new Map(), isOpen: true };
}

/** An object whose fields are those of `upper`, and of `lower` where that has none. */
export function overlay(lower: ObjectShape, upper: ObjectShape): ObjectShape {
  const fields = new Map<string, AbstractValue>();
  for (const name of new Set([...lower.fields.keys(), ...upper.fields.keys()])) {
    const above = fieldIn(upper, name);
    const value = mayBeAbsent(above) ? join(fieldIn(lower, name), withoutAbsent(above)) : above;
    fields.set(name, value);
  }
  return { fields, isOpen: lower.isOpen || upper.isOpen };
}
