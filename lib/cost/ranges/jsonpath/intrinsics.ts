import { overlay } from '../jsonata/higher-functions.ts';
import { stepsIn } from '../jsonata/list-functions.ts';
import { NUMBER_FUNCTIONS } from '../jsonata/number-functions.ts';
import type { RangeFunction } from '../jsonata/range-function.ts';
import {
  type AbstractValue,
  ANY_BOOLEAN,
  ANY_OBJECT,
  ANY_TEXT,
  ANYTHING,
  IMPOSSIBLE,
  isImpossible,
  isOnlyObject,
  listUpTo,
  numberIn,
  numbersOf,
  type Shape,
  shapeOf,
} from '../values/abstract-value.ts';
import { constant, listWith } from '../values/constant.ts';
import { elementsIn, mostIn } from '../values/lengths.ts';
import { addRanges, type NumberRange, wholeBetween } from '../values/number-range.ts';
import { elementAt } from '../values/select.ts';
import type { Place, View } from '../view.ts';
import { type Intrinsic, readIntrinsic } from './intrinsic-text.ts';
import { evaluatePath } from './json-path.ts';

const anyText: RangeFunction = () => ANY_TEXT;

/**
 * The intrinsic functions of JSONPath states.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html (2026-11-20).
 */
const FUNCTIONS: ReadonlyMap<string, (...parameters: readonly AbstractValue[]) => AbstractValue> = new Map([
  ['States.Array', (...elements: readonly AbstractValue[]) => listWith(elements)],
  ...Object.entries({
    'States.ArrayContains': () => ANY_BOOLEAN,
    'States.ArrayGetItem': getItem,
    'States.ArrayLength': NUMBER_FUNCTIONS.count,
    'States.ArrayPartition': partition,
    'States.ArrayRange': range,
    'States.ArrayUnique': (list) => listUpTo(mostIn(list), elementsIn(list)),
    'States.Base64Decode': anyText,
    'States.Base64Encode': anyText,
    'States.Format': anyText,
    'States.Hash': anyText,
    'States.JsonMerge': mergeObjects,
    'States.JsonToString': anyText,
    'States.MathAdd': add,
    'States.MathRandom': random,
    'States.StringSplit': () => listUpTo(Number.POSITIVE_INFINITY, ANY_TEXT),
    'States.UUID': anyText,
  } satisfies Readonly<Record<string, RangeFunction>>).map(
    ([name, known]: readonly [string, RangeFunction]) =>
      [name, (...[first, ...others]: readonly AbstractValue[]) => known(first ?? ANYTHING, ...others)] as const,
  ),
]);

/** What `States.Name(…)` gives. */
export function evaluateIntrinsic(text: string, view: View, document: Place): AbstractValue {
  const intrinsic = readIntrinsic(text);
  return intrinsic === null ? ANYTHING : evaluate(intrinsic, view, document);
}

function evaluate(intrinsic: Intrinsic, view: View, document: Place): AbstractValue {
  if (intrinsic.kind === 'literal') return constant(intrinsic.value);
  if (intrinsic.kind === 'path') return evaluatePath(intrinsic.text, view, document);
  const parameters = intrinsic.parameters.map((parameter) => evaluate(parameter, view, document));
  if (parameters.some(isImpossible)) return IMPOSSIBLE;
  return FUNCTIONS.get(intrinsic.name)?.(...parameters) ?? ANYTHING;
}

/** Numbers that are not whole are rounded to the nearest one. */
function wholeNumbers(value: AbstractValue | undefined): NumberRange | null {
  const range = value === undefined ? null : numbersOf(value);
  if (range === null || range.isWhole) return range;
  return wholeBetween(Math.floor(range.low), Math.ceil(range.high));
}

function add(first: AbstractValue, second?: AbstractValue): AbstractValue {
  const [a, b] = [wholeNumbers(first), wholeNumbers(second)];
  return numberIn(a === null || b === null ? null : addRanges(a, b));
}

function random(first: AbstractValue, second?: AbstractValue): AbstractValue {
  const [from, to] = [wholeNumbers(first), wholeNumbers(second)];
  return numberIn(
    from === null || to === null ? null : wholeBetween(Math.min(from.low, to.low), Math.max(from.high, to.high)),
  );
}

function range(first: AbstractValue, last?: AbstractValue, step?: AbstractValue): AbstractValue {
  const [from, to, by] = [wholeNumbers(first), wholeNumbers(last), wholeNumbers(step)];
  if (from === null || to === null || by === null) return IMPOSSIBLE;
  const elements = wholeBetween(Math.min(from.low, to.low), Math.max(from.high, to.high));
  return listUpTo(stepsIn(from, to, by), numberIn(elements));
}

function partition(list: AbstractValue, size?: AbstractValue): AbstractValue {
  const sizes = wholeNumbers(size);
  if (sizes === null) return IMPOSSIBLE;
  const most = mostIn(list);
  const part = listUpTo(Math.min(most, Math.max(1, sizes.high)), elementsIn(list));
  return listUpTo(Math.ceil(most / Math.max(1, sizes.low)), part);
}

function getItem(list: AbstractValue, place?: AbstractValue): AbstractValue {
  const places = wholeNumbers(place);
  if (places === null) return IMPOSSIBLE;
  const isOne = places.low === places.high && places.low >= 0;
  return isOne ? elementAt(list, places.low) : elementsIn(list);
}

/** A shallow merge; the deep one is not supported by Step Functions either. */
function mergeObjects(lower: AbstractValue, upper: AbstractValue = IMPOSSIBLE, isDeep?: AbstractValue): AbstractValue {
  const isShallow = isDeep !== undefined && isDeep.kind === 'shape' && !isDeep.scalars.has(true);
  if (!isShallow || !isOnlyObject(upper)) return ANY_OBJECT;
  return shapeOf({ objects: overlay(objectsOf(lower), objectsOf(upper)) });
}

const objectsOf = (value: AbstractValue): NonNullable<Shape['objects']> =>
  value.kind === 'shape' && value.objects !== null ? value.objects : { fields: new Map(), isOpen: true };
