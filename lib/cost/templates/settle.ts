import { must } from '../../errors/fault.ts';
import { isObject, type JsonObject } from '../json-object.ts';
import { isUnresolved, type Unresolved, unresolved } from '../unresolved.ts';
import { type Evaluation, oneOfTooMany } from './evaluation.ts';
import { hasPlaceholder, type Meaning } from './placeholders.ts';
import { UNKNOWN_ACCOUNT } from './pseudo-parameters.ts';

/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html (2026-11-20). */
const DYNAMIC = '{{resolve:';
const DYNAMIC_REFERENCE = /\{\{resolve:[^}]*\}\}/;

/** How a text within a value is settled. */
export type TextRule = (text: string, evaluation: Evaluation) => unknown;

/**
 * A resolved value as the rest of the analysis sees it: references are markers, what is not known is `Unresolved`, and
 * a number that is chosen from an interval is one of its ends.
 */
export function settle(value: unknown, evaluation: Evaluation, rule: TextRule = settleWhole): unknown {
  if (typeof value === 'string') return rule(value, evaluation);
  if (Array.isArray(value)) return settleList(value, evaluation, rule);
  return isObject(value) ? settleObject(value, evaluation, rule) : value;
}

/** What is settled already stays the same list, or object: of a long definition that is most. */
function settleList(list: readonly unknown[], evaluation: Evaluation, rule: TextRule): readonly unknown[] {
  const settled = list.map((item) => settle(item, evaluation, rule));
  return settled.every((item, place) => item === list[place]) ? list : settled;
}

/** A field whose name is not known may be any field: then nothing is known of the object. */
function settleObject(value: JsonObject, evaluation: Evaluation, rule: TextRule): JsonObject | Unresolved {
  const names = Object.keys(value);
  let entries: [string, unknown][] | undefined;
  for (const name of names) {
    const settledName = settlePart(name, evaluation);
    if (isUnresolved(settledName)) return settledName;
    const settled = settle(value[name], evaluation, rule);
    const isSame = settledName === name && settled === value[name];
    if (entries === undefined && !isSame) {
      entries = names.slice(0, names.indexOf(name)).map((before) => [before, value[before]]);
    }
    entries?.push([settledName, settled]);
  }
  return entries === undefined ? value : Object.fromEntries(entries);
}

/** A text that may be a whole value: a number or a list, too. */
export function settleWhole(text: string, evaluation: Evaluation): unknown {
  const meaning = evaluation.app.placeholders.meaningOf(text);
  if (meaning?.kind === 'pieces') return meaning.pieces.map((piece) => settlePart(piece, evaluation));
  if (meaning?.kind !== 'range') return settlePart(text, evaluation);
  const key = `parameter ${meaning.parameter}`;
  const index = evaluation.choose(key, meaning.bounds.length);
  return index === undefined
    ? settlePart(oneOfTooMany(evaluation, key), evaluation)
    : must(meaning.bounds[index], 'an end of the interval');
}

/** A text that is one, whatever stands in it. */
export function settlePart(text: string, { app }: Evaluation): string | Unresolved {
  if (!text.includes(DYNAMIC) && !hasPlaceholder(text)) return text;
  const dynamic = DYNAMIC_REFERENCE.exec(text)?.[0];
  if (dynamic !== undefined) {
    return unresolved('deployment', `decided by the dynamic reference ${app.shown(dynamic)}`);
  }
  const [open] = app.placeholders.meaningsIn(text).filter((meaning) => rendered(meaning) === undefined);
  return open === undefined ? app.placeholders.render(text, (meaning) => rendered(meaning) ?? '') : unresolvedOf(open);
}

/** What a placeholder is written as; undefined where that would be a guess. */
export function rendered(meaning: Meaning): string | undefined {
  if (meaning.kind === 'reference') return `@{${meaning.address}}`;
  return meaning.kind === 'account' ? UNKNOWN_ACCOUNT : undefined;
}

function unresolvedOf(meaning: Meaning): Unresolved {
  if (meaning.kind === 'unresolved') return meaning.value;
  if (meaning.kind === 'range') {
    const why = 'whose range limits it as a number, not within a text: AllowedValues would';
    return unresolved('deployment', `decided by the parameter ${meaning.parameter}, ${why}`);
  }
  return unresolved('deployment', 'a list that a deployment decides');
}
