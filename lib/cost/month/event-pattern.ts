import { isObject } from '../json-object.ts';
import { isUnresolved } from '../unresolved.ts';

/**
 * Whether a filter of an event pattern, a list of alternatives, can match a text. Alternatives that are not understood
 * match: a bound may count an event too many, never one too few.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html (2026-11-20).
 */
export function couldMatch(filter: unknown, text: string): boolean {
  if (!Array.isArray(filter)) return true;
  return filter.some((alternative: unknown) => couldBe(alternative, text));
}

function couldBe(alternative: unknown, text: string): boolean {
  if (typeof alternative === 'string') return alternative === text;
  if (alternative === null || typeof alternative === 'number' || typeof alternative === 'boolean') return false;
  if (isUnresolved(alternative) || !isObject(alternative)) return true;
  const { prefix, suffix, exists } = alternative;
  if (typeof prefix === 'string') return text.startsWith(prefix);
  if (typeof suffix === 'string') return text.endsWith(suffix);
  if (exists === false) return false;
  const excluded = alternative['anything-but'];
  if (typeof excluded === 'string') return excluded !== text;
  return !(Array.isArray(excluded) && excluded.includes(text));
}

/** Whether a filter names texts, and only these. */
export function matchesOnly(filter: unknown, texts: readonly string[]): boolean {
  return Array.isArray(filter) && filter.every((alternative) => texts.includes(alternative));
}
