/** A template as JSON: what `Template.toJSON()` and `JSON.parse` give. */
type Json = string | number | boolean | null | readonly Json[] | JsonObject;
interface JsonObject {
  readonly [key: string]: Json;
}

const ASSET_HASH = /\b[0-9a-f]{64}\b/g;

/**
 * A template that can be reviewed as a diff: asset hashes are masked, numbered in the order of the sorted template, so
 * that two places with one asset stay recognizable; keys are sorted; a state machine's definition is shown as JSON
 * with `<Resource.Attribute>` for references. Equal templates give equal results on every machine; what it masks
 * changes with code that other tests cover.
 */
export function normaliseTemplate(template: unknown): unknown {
  const labels = new Map<string, string>();
  const label = (hash: string): string => {
    const known = labels.get(hash) ?? `<asset ${labels.size + 1}>`;
    labels.set(hash, known);
    return known;
  };
  // Anything that JSON can hold is a Json.
  return normalised(template as Json, (text) => text.replace(ASSET_HASH, label));
}

function normalised(value: Json, mask: (text: string) => string): Json {
  if (typeof value === 'string') return mask(value);
  if (isList(value)) return value.map((item) => normalised(item, mask));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([key, item]) => [mask(key), normalised(key === 'DefinitionString' ? parsed(item) : item, mask)]),
  );
}

/** The definition that a joined text is, or the value itself where it is no such text. */
function parsed(definition: Json): Json {
  const text = textOf(definition);
  if (text === undefined) return definition;
  const json: Json = JSON.parse(text);
  return json;
}

function textOf(value: Json): string | undefined {
  if (typeof value === 'string') return value;
  const join = isObject(value) ? value['Fn::Join'] : undefined;
  if (!isList(join)) return undefined;
  const [separator, parts] = join;
  if (typeof separator !== 'string' || !isList(parts)) return undefined;
  return parts.map((part) => (typeof part === 'string' ? part : `<${referenceName(part)}>`)).join(separator);
}

/** What a Ref, GetAtt or ImportValue points to. */
function referenceName(reference: Json): string {
  const [argument = ''] = isObject(reference) ? Object.values(reference) : [];
  return isList(argument) ? argument.join('.') : String(argument);
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

const isObject = (value: Json): value is JsonObject => typeof value === 'object' && value !== null && !isList(value);
