import type { Scalar } from '../values/abstract-value.ts';

/** An intrinsic function of JSONPath states and its parameters. */
export type Intrinsic =
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly Intrinsic[] }
  | { readonly kind: 'path'; readonly text: string }
  | { readonly kind: 'literal'; readonly value: Scalar | number };

/** Step Functions itself allows ten. Source: https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html (2026-11-20). */
const MAX_NESTING = 10;

const CALL = /\s*(States\.\w+)\(\s*/y;
const PATH = /\s*(\$(?:\['[^']*'\]|\["[^"]*"\]|[^,()\s'"])*)\s*/y;
const TEXT = /\s*'((?:[^'\\]|\\.)*)'\s*/y;
const WORD = /\s*(null|true|false|-?\d+(?:\.\d+)?(?:[Ee][-+]?\d+)?)\s*/y;
const END = /\s*\)\s*/y;
const COMMA = /,/y;

/** Reads `States.MathAdd($.index, 1)`; null for what is not written like that. */
export function readIntrinsic(text: string): Intrinsic | null {
  const cursor = { text, at: 0 };
  const intrinsic = readCall(cursor, 0);
  return cursor.at === text.length ? intrinsic : null;
}

interface Cursor {
  readonly text: string;
  at: number;
}

function take(cursor: Cursor, pattern: RegExp): string | null {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text);
  if (match === null) return null;
  cursor.at = pattern.lastIndex;
  return match[1] ?? '';
}

function readCall(cursor: Cursor, nesting: number): Intrinsic | null {
  const name = nesting > MAX_NESTING ? null : take(cursor, CALL);
  if (name === null) return null;
  const parameters: Intrinsic[] = [];
  while (take(cursor, END) === null) {
    if (parameters.length > 0 && take(cursor, COMMA) === null) return null;
    const parameter = readParameter(cursor, nesting);
    if (parameter === null) return null;
    parameters.push(parameter);
  }
  return { kind: 'call', name, parameters };
}

function readParameter(cursor: Cursor, nesting: number): Intrinsic | null {
  const path = take(cursor, PATH);
  if (path !== null) return { kind: 'path', text: path };
  const text = take(cursor, TEXT);
  if (text !== null) return { kind: 'literal', value: text.replaceAll(/\\(.)/g, '$1') };
  const word = take(cursor, WORD);
  if (word !== null) return { kind: 'literal', value: wordValue(word) };
  return readCall(cursor, nesting + 1);
}

const WORDS: ReadonlyMap<string, Scalar> = new Map([
  ['null', null],
  ['true', true],
  ['false', false],
]);

function wordValue(word: string): Scalar | number {
  const known = WORDS.get(word);
  return known === undefined ? Number(word) : known;
}
