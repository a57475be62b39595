import { type AbstractValue, ANYTHING, withoutAbsent } from '../values/abstract-value.ts';
import { elementAt, fieldOf } from '../values/select.ts';
import type { Place, View } from '../view.ts';

/** A path of JSONPath that leads to at most one value. */
interface SinglePath {
  /** `$$` is the context, `$` the document at hand, `$name` a variable. */
  readonly root: { readonly kind: 'context' | 'document' } | { readonly kind: 'variable'; readonly name: string };
  /** Names of fields and places of elements. */
  readonly steps: readonly (string | number)[];
}

const ROOT = /^\$(\$|[A-Za-z_]\w*)?/;
const STEP = /\.([^.[\]()*?@,:'"\s$]+)|\['([^'\\]*)'\]|\["([^"\\]*)"\]|\[(\d+)\]/y;

/** The path that a text is; null for one that can lead to many values, or is none. */
function readPath(text: string): SinglePath | null {
  const root = ROOT.exec(text);
  if (root === null) return null;
  const steps: (string | number)[] = [];
  STEP.lastIndex = root[0].length;
  while (STEP.lastIndex < text.length) {
    const step = STEP.exec(text);
    if (step === null) return null;
    const [, name, quoted, doublyQuoted, place] = step;
    steps.push(place === undefined ? (name ?? quoted ?? doublyQuoted ?? '') : Number(place));
  }
  return { root: rootOf(root[1]), steps };
}

function rootOf(mark: string | undefined): SinglePath['root'] {
  if (mark === undefined) return { kind: 'document' };
  return mark === '$' ? { kind: 'context' } : { kind: 'variable', name: mark };
}

/** The place that a text leads to, where `document` is the place of `$`; null where it leads to an element, or is not known. */
export function placeAt(text: string, document: Place): Place | null {
  const path = readPath(text);
  const start = path === null ? null : startOf(path, document);
  if (path === null || start === null) return null;
  const names = path.steps.filter((step) => typeof step === 'string');
  return names.length === path.steps.length ? { name: start.name, path: [...start.path, ...names] } : null;
}

function startOf({ root }: SinglePath, document: Place): Place | null {
  switch (root.kind) {
    case 'document':
      return document;
    case 'variable':
      return { name: root.name, path: [] };
    case 'context':
      return { name: 'states', path: ['context'] };
  }
}

/** What a path of JSONPath leads to; one that leads nowhere fails. */
export function evaluatePath(text: string, view: View, document: Place): AbstractValue {
  const path = readPath(text);
  const start = path === null ? null : startOf(path, document);
  if (path === null || start === null) return ANYTHING;
  const firstPlace = path.steps.findIndex((step) => typeof step === 'number');
  const names = path.steps.slice(0, firstPlace === -1 ? undefined : firstPlace);
  const value = view.read({ name: start.name, path: [...start.path, ...names.map(String)] });
  const rest = firstPlace === -1 ? [] : path.steps.slice(firstPlace);
  return withoutAbsent(rest.reduce<AbstractValue>(stepInto, value));
}

const stepInto = (value: AbstractValue, step: string | number): AbstractValue =>
  typeof step === 'number' ? elementAt(value, step) : fieldOf(value, step);
