import { isObject } from '../../json-object.ts';
import type { Evaluation } from '../evaluation.ts';

/** Something that an intrinsic function names. */
export type Name =
  /** A parameter, a pseudo parameter or a resource. */
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'attribute'; readonly resource: string }
  | { readonly kind: 'condition'; readonly name: string }
  /** `keys` are the literal ones, outermost first; none where a default takes their place. */
  | { readonly kind: 'mapping'; readonly name: string; readonly keys: readonly string[] };

/** An intrinsic function of CloudFormation. */
export interface Intrinsic {
  /** What is wrong with how its argument is written, as "must be …"; undefined where nothing is. */
  readonly misuse: (argument: unknown) => string | undefined;
  /** What it names; asked only where it is written right. */
  readonly names?: (argument: unknown) => readonly Name[];
  /** Its value; asked only where it is written right. */
  readonly resolve: (argument: unknown, evaluation: Evaluation) => unknown;
}

/** The name and argument of the intrinsic function that an object is; undefined for plain objects. */
export function intrinsicIn(value: object): { readonly name: string; readonly argument: unknown } | undefined {
  const fields = Object.entries(value);
  const call = fields.find(([name]) => name.startsWith('Fn::') || (name === 'Ref' && fields.length === 1));
  return call === undefined ? undefined : { name: call[0], argument: call[1] };
}

export const isText = (value: unknown): value is string => typeof value === 'string';

/** Whether a value is a text, a number or a boolean: what CloudFormation turns into text. */
export const isScalar = (value: unknown): value is string | number | boolean =>
  isText(value) || typeof value === 'number' || typeof value === 'boolean';

/** Whether a value may become a text: one already, or what an intrinsic function gives. */
export const mayBeText = (value: unknown): boolean =>
  isScalar(value) || (isObject(value) && intrinsicIn(value) !== undefined);

/** Whether a value may become a list. */
export const mayBeList = (value: unknown): boolean =>
  Array.isArray(value) || (isObject(value) && intrinsicIn(value) !== undefined);

/** The argument as the list of `least` to `most` items that it has to be. */
export const isListOf = (argument: unknown, least: number, most = least): argument is readonly unknown[] =>
  Array.isArray(argument) && argument.length >= least && argument.length <= most;
