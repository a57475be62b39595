/** A template as JSON: what `Template.toJSON()` and `JSON.parse` give. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const ASSET_HASH = /\b[0-9a-f]{64}\b/g;

/**
 * A template that can be reviewed as a diff: asset hashes are masked, numbered in the order of the sorted template, so
 * that two places with one asset stay recognizable, and keys are sorted. Equal templates give equal results on every
 * machine; what it masks changes with code that other tests cover.
 */
export function normaliseTemplate(template: unknown): unknown {
  const labels = new Map<string, string>();
  const label = (hash: string): string => {
    const known = labels.get(hash) ?? `<asset ${labels.size + 1}>`;
    labels.set(hash, known);
    return known;
  };
  // Anything that JSON can hold is a Json.
  return masked(template as Json, (text) => text.replace(ASSET_HASH, label));
}

function masked(value: Json, mask: (text: string) => string): Json {
  if (typeof value === 'string') return mask(value);
  if (isList(value)) return value.map((item) => masked(item, mask));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [mask(key), masked(item, mask)]));
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
