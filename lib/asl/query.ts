import jsonata from 'jsonata';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { type FunctionSource, queryFunctions } from './query-functions.ts';
import type { Template } from './state-machine.ts';

/** What expressions see: `$states`, the variables, and functions that are bound to the event. */
export interface QueryScope {
  readonly states: JsonObject;
  readonly variables: Readonly<Record<string, JsonValue>>;
  readonly functions: FunctionSource;
}

/** A value, or why an expression gave none, worded as Step Functions words it. */
export type Evaluated<Value extends JsonValue = JsonValue> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string };

export interface Evaluator {
  /** The template with each expression replaced by its value; `field` is its path for messages: `Output/rows`. */
  readonly evaluate: (template: Template, field: string, scope: QueryScope) => Promise<Evaluated>;
}

const OPENING = '{%';
const CLOSING = '%}';
/** Nesting that no expression of a person reaches: ends a recursion that would not end. */
const MAX_STACK = 5_000;

type MarkedExpression = `{%${string}%}`;

export const isExpression = (value: unknown): value is MarkedExpression =>
  typeof value === 'string' &&
  value.length >= OPENING.length + CLOSING.length &&
  value.startsWith(OPENING) &&
  value.endsWith(CLOSING);

/** The expression between the marks, as messages quote it. */
export const expressionText = (text: string): string => text.slice(OPENING.length, -CLOSING.length).trim();

/** Expressions are parsed once and kept: an evaluator belongs to one state machine. */
export function createEvaluator(): Evaluator {
  const parsed = new Map<string, jsonata.Expression>();

  function parse(text: string): jsonata.Expression {
    const known = parsed.get(text) ?? jsonata(text, { stack: MAX_STACK });
    parsed.set(text, known);
    return known;
  }

  async function evaluateExpression(text: string, field: string, scope: QueryScope): Promise<Evaluated> {
    const subject = `The JSONata expression '${text}' specified for the field '${field}'`;
    const bindings = { ...queryFunctions(scope.functions), ...scope.variables, states: scope.states };
    try {
      const value: unknown = await parse(text).evaluate(undefined, bindings);
      if (value === undefined) return { ok: false, problem: `${subject} returned nothing (undefined).` };
      const plain = toJson(value);
      return plain === undefined
        ? { ok: false, problem: `${subject} returned an unsupported result type.` }
        : { ok: true, value: plain };
    } catch (error) {
      return { ok: false, problem: `${subject} threw an error during evaluation. ${describe(error)}` };
    }
  }

  async function evaluateAll(parts: readonly (readonly [string, Template])[], field: string, scope: QueryScope) {
    const values: (readonly [string, JsonValue])[] = [];
    for (const [key, part] of parts) {
      const evaluated = await evaluate(part, `${field}/${key}`, scope);
      if (!evaluated.ok) return evaluated;
      values.push([key, evaluated.value]);
    }
    return { ok: true as const, value: values };
  }

  async function evaluate(template: Template, field: string, scope: QueryScope): Promise<Evaluated> {
    if (isExpression(template)) return evaluateExpression(expressionText(template), field, scope);
    if (template === null || typeof template !== 'object') return { ok: true, value: template };
    const parts = await evaluateAll(Object.entries(template), field, scope);
    if (!parts.ok) return parts;
    const value = Array.isArray(template) ? parts.value.map(([, item]) => item) : Object.fromEntries(parts.value);
    return { ok: true, value };
  }

  return { evaluate };
}

/** A copy that is plain JSON: JSONata marks its sequences, and functions are no data. */
function toJson(value: unknown): JsonValue | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : undefined;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return everyDefined(value.map(toJson));
  if (!isJsonObject(value) || '_jsonata_lambda' in value || '_jsonata_function' in value) return undefined;
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  const items = everyDefined(keys.map((key) => toJson(value[key])));
  return items === undefined ? undefined : Object.fromEntries(items.map((item, place) => [keys[place] ?? '', item]));
}

const everyDefined = (values: readonly (JsonValue | undefined)[]): readonly JsonValue[] | undefined =>
  values.every((value): value is JsonValue => value !== undefined) ? values : undefined;

/** JSONata throws objects with a code and a message, its functions errors. */
function describe(error: unknown): string {
  if (!isJsonObject(error)) return String(error);
  const { code, message } = error;
  return code === undefined ? String(message) : `${code}: ${message}`;
}
