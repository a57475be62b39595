/** A template as JSON: what `Template.toJSON()` and `JSON.parse` give. */
type Json = string | number | boolean | null | readonly Json[] | JsonObject;
interface JsonObject {
  readonly [key: string]: Json;
}

const ASSET_HASH = /\b[0-9a-f]{64}\b/g;

/**
 * A template that can be reviewed as a diff: asset hashes are masked, keys are sorted, and so are the resources of
 * policies, which CDK sorts by their hashes; a state machine's definition is shown as JSON with `<Resource.Attribute>`
 * for references. Templates that differ in hashes only give equal results on every machine; what is masked changes
 * with code that other tests cover.
 */
export function normaliseTemplate(template: unknown): unknown {
  // Anything that JSON can hold is a Json.
  return normalised(template as Json);
}

const masked = (text: string): string => text.replace(ASSET_HASH, '<asset>');

function normalised(value: Json): Json {
  if (typeof value === 'string') return masked(value);
  if (isList(value)) return value.map(normalised);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [masked(key), normalisedField(key, item)]));
}

function normalisedField(key: string, value: Json): Json {
  if (key === 'DefinitionString') return normalised(parsed(value));
  const result = normalised(value);
  return key === 'Resource' && isList(result) ? result.toSorted(byText) : result;
}

const byText = (a: Json, b: Json): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

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
