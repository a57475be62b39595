import {
  ABSENT,
  type AbstractValue,
  ANY_BOOLEAN,
  ANY_COUNT,
  ANY_NUMBER,
  ANY_TEXT,
  ANYTHING,
  IMPOSSIBLE,
} from '../values/abstract-value.ts';
import { join } from '../values/join.ts';
import { LIST_FUNCTIONS } from './list-functions.ts';
import { NUMBER_FUNCTIONS } from './number-functions.ts';
import type { RangeFunction } from './range-function.ts';

const names = (text: string): readonly string[] => text.split(' ');

const TEXTS = names(
  'substring substringBefore substringAfter lowercase uppercase trim pad join replace formatNumber formatBase ' +
    'formatInteger fromMillis now uuid hash base64encode base64decode encodeUrl encodeUrlComponent decodeUrl ' +
    'decodeUrlComponent type',
);
const NUMBERS = names('sqrt power random millis');
const BOOLEANS = names('not boolean exists contains');

const always = (functions: readonly string[], value: AbstractValue): readonly (readonly [string, RangeFunction])[] =>
  functions.map((name) => [name, () => join(value, ABSENT)]);

/** Every function of which something is known, by its name without the `$`. */
const FUNCTIONS: ReadonlyMap<string, RangeFunction> = new Map([
  ...always(TEXTS, ANY_TEXT),
  ...always(NUMBERS, ANY_NUMBER),
  ...always(BOOLEANS, ANY_BOOLEAN),
  ...always(['length'], ANY_COUNT),
  ['error', () => IMPOSSIBLE],
  ['assert', () => ABSENT],
  ...Object.entries(NUMBER_FUNCTIONS),
  ...Object.entries(LIST_FUNCTIONS),
]);

/** Functions that call a function that they are given, and those whose meaning conditions rest on. */
const OTHER_NAMES = new Set(['map', 'filter', 'merge']);

/** Whether ranges rest on what the function of this name does. */
export const isFunctionName = (name: string): boolean => FUNCTIONS.has(name) || OTHER_NAMES.has(name);

/** Whether the function gives a text, a number or a boolean, and no list. */
export const givesOneValue = (name: string): boolean => FUNCTIONS.has(name) && !Object.hasOwn(LIST_FUNCTIONS, name);

export function callFunction(name: string, parameters: readonly AbstractValue[]): AbstractValue {
  const [first, ...others] = parameters;
  const known = FUNCTIONS.get(name);
  if (known === undefined) return ANYTHING;
  return known(first ?? ANYTHING, ...others);
}
