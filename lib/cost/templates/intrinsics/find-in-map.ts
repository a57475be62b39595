import { isObject, type JsonObject } from '../../json-object.ts';
import { type Evaluation, oneOfTooMany, unacceptable } from '../evaluation.ts';
import { hasPlaceholder } from '../placeholders.ts';
import { type Intrinsic, isListOf, isScalar, isText, mayBeText } from './intrinsic.ts';
import { textOf } from './texts.ts';

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-findinmap.html (2026-11-20). */
export const FIND_IN_MAP: Intrinsic = {
  misuse: (argument) =>
    isListOf(argument, 3, 4) && argument.slice(0, 3).every(mayBeText) && hasDefault(argument[3] ?? { DefaultValue: '' })
      ? undefined
      : 'a mapping and its two keys: [mapping, key, key]',
  names: (argument) => {
    const [name, first, second, standard] = argument as readonly unknown[];
    if (!isText(name)) return [];
    const literal = isScalar(first) ? [first, ...(isScalar(second) ? [second] : [])] : [];
    return [{ kind: 'mapping', name, keys: standard === undefined ? literal.map(String) : [] }];
  },
  resolve: (argument, evaluation) => {
    const [name, first, second, standard] = argument as readonly unknown[];
    const [map = '', ...keys] = [name, first, second].map((part) => textOf(evaluation.resolve(part)) ?? '');
    const mapping = evaluation.stack.mappings.get(map);
    if (mapping === undefined) {
      return unacceptable(evaluation, `looked up in the mapping '${evaluation.app.shown(map)}', which is not known`);
    }
    const found = keys.reduce<unknown>(
      (level, key) => entryOf(level, key, hasDefault(standard) ? 1 : 0, evaluation),
      mapping,
    );
    if (found !== undefined) return found;
    if (hasDefault(standard)) return evaluation.resolve(standard.DefaultValue);
    return unacceptable(evaluation, `looked up in the mapping ${map} by a key that it does not have`);
  },
};

const hasDefault = (value: unknown): value is { readonly DefaultValue: unknown } =>
  isObject(value) && Object.hasOwn(value, 'DefaultValue');

/** An entry of a mapping. A key that a deployment decides is any of its keys; `others` is how many it may be beside them. */
function entryOf(level: unknown, key: string, others: number, evaluation: Evaluation): unknown {
  if (!isObject(level)) return level;
  if (!hasPlaceholder(key)) return Object.hasOwn(level, key) ? level[key] : undefined;
  const entries = Object.values(level);
  if (entries.length + others === 0) return undefined;
  const choice = `key ${key} of ${keysOf(level)}`;
  const index = evaluation.choose(choice, entries.length + others);
  return index === undefined ? oneOfTooMany(evaluation, choice) : entries[index];
}

const keysOf = (level: JsonObject): string => JSON.stringify(Object.keys(level));
