import type { Unresolved } from '../../unresolved.ts';
import { ALL_NUMBERS, type NumberRange, wholeBetween } from './number-range.ts';

/** A value that is no number, list or object. */
export type Scalar = string | boolean | null;

/** Nothing is known of a value, not even that there is one. */
export interface Anything {
  readonly kind: 'anything';
  /** Null where the data of a run decide. */
  readonly because: Unresolved | null;
}

export interface ListShape {
  /** The most elements; may be infinite. */
  readonly most: number;
  /** What any element can be. */
  readonly item: AbstractValue;
  /** Each element, where their number is known. */
  readonly elements: readonly AbstractValue[] | null;
}

export interface ObjectShape {
  /** A field that may be missing may be absent. */
  readonly fields: ReadonlyMap<string, AbstractValue>;
  /** There may be other fields, with anything in them. */
  readonly isOpen: boolean;
}

/** What a value can be, kind by kind: it is something that one of the parts allows. Without any part it is impossible. */
export interface Shape {
  readonly kind: 'shape';
  readonly numbers: NumberRange | null;
  readonly scalars: ReadonlySet<Scalar>;
  readonly isAnyText: boolean;
  readonly lists: ListShape | null;
  readonly objects: ObjectShape | null;
  /** There may be no value at all: JSONata's undefined, a field that is missing. */
  readonly isAbsent: boolean;
}

/** A set of values of which one is the actual one, whatever the input, the results of tasks and the iteration. */
export type AbstractValue = Anything | Shape;

/** Nesting beyond which nothing is known: ends what would grow for ever. */
export const MAX_NESTING = 12;

export const ANYTHING: Anything = { kind: 'anything', because: null };

/** No value at all, not even an absent one: what is evaluated always fails. */
export const IMPOSSIBLE: Shape = {
  kind: 'shape',
  numbers: null,
  scalars: new Set(),
  isAnyText: false,
  lists: null,
  objects: null,
  isAbsent: false,
};

export const shapeOf = (parts: Partial<Omit<Shape, 'kind'>>): Shape => ({ ...IMPOSSIBLE, ...parts });

export const ABSENT = shapeOf({ isAbsent: true });
export const ANY_TEXT = shapeOf({ isAnyText: true });
export const ANY_NUMBER = shapeOf({ numbers: ALL_NUMBERS });
export const ANY_COUNT = shapeOf({ numbers: wholeBetween(0, Number.POSITIVE_INFINITY) });
export const ANY_BOOLEAN = shapeOf({ scalars: new Set([true, false]) });
export const ANY_OBJECT = shapeOf({ objects: { fields: new Map(), isOpen: true } });

export const numberIn = (range: NumberRange | null): Shape => shapeOf({ numbers: range });
export const scalarsOf = (...scalars: readonly Scalar[]): Shape => shapeOf({ scalars: new Set(scalars) });
export const recordWith = (fields: ReadonlyMap<string, AbstractValue>): Shape =>
  shapeOf({ objects: { fields, isOpen: false } });
export const listUpTo = (most: number, item: AbstractValue): Shape =>
  shapeOf({ lists: { most, item, elements: null } });

export const isImpossible = (value: AbstractValue): boolean =>
  value.kind === 'shape' && !value.isAbsent && !isPresent(value);

/** Whether it can be a value at all, other than an absent one. */
const isPresent = (shape: Shape): boolean => shape.numbers !== null || shape.lists !== null || isOtherPresent(shape);
const isOtherPresent = ({ objects, isAnyText, scalars }: Shape): boolean =>
  objects !== null || isAnyText || scalars.size > 0;

/** Without the possibility that there is no value. */
export const withoutAbsent = (value: AbstractValue): AbstractValue =>
  value.kind === 'shape' && value.isAbsent ? { ...value, isAbsent: false } : value;

export const mayBeList = (value: AbstractValue): boolean => value.kind === 'anything' || value.lists !== null;
export const mayBeAbsent = (value: AbstractValue): boolean => value.kind === 'anything' || value.isAbsent;
export const mayBeText = (value: AbstractValue): boolean =>
  value.kind === 'anything' || value.isAnyText || [...value.scalars].some((scalar) => typeof scalar === 'string');

/** Whether it can be something other than a list, and be there. */
export const mayBeSingle = (value: AbstractValue): boolean =>
  value.kind === 'anything' || value.numbers !== null || isOtherPresent(value);

/** The numbers that it can be, null where it cannot be one. */
export const numbersOf = (value: AbstractValue): NumberRange | null =>
  value.kind === 'anything' ? ALL_NUMBERS : value.numbers;

/** The numbers that it is: undefined where it can be anything else, or nothing. */
export function onlyNumbers(value: AbstractValue): NumberRange | undefined {
  if (value.kind === 'anything' || value.numbers === null) return undefined;
  return value.isAbsent || value.lists !== null || isOtherPresent(value) ? undefined : value.numbers;
}

/** Whether it is an object and can be nothing else. */
export const isOnlyObject = (value: AbstractValue): boolean =>
  value.kind === 'shape' &&
  value.objects !== null &&
  !(value.isAbsent || value.isAnyText || value.numbers !== null || value.lists !== null || value.scalars.size > 0);

/** The one text that it is. */
export function onlyText(value: AbstractValue): string | undefined {
  if (value.kind === 'anything' || value.scalars.size !== 1 || value.isAnyText || value.isAbsent) return undefined;
  const [text] = value.scalars;
  const isAlone = value.numbers === null && value.lists === null && value.objects === null;
  return isAlone && typeof text === 'string' ? text : undefined;
}
