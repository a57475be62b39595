import type { Draft, Outcome } from './draft.ts';
import type { JsonValue } from './json.ts';
import { expressionText, isExpression } from './query.ts';
import type { Template } from './state-machine.ts';

/** What a field takes: the type's name in messages, and the test. */
export interface ExpectedType<Value extends JsonValue> {
  readonly name: string;
  readonly accepts: (value: JsonValue) => value is Value;
}

export const BOOLEAN: ExpectedType<boolean> = { name: 'boolean', accepts: (value) => typeof value === 'boolean' };
export const TEXT: ExpectedType<string> = { name: 'string', accepts: (value) => typeof value === 'string' };
export const NATURAL: ExpectedType<number> = {
  name: 'non-negative integer',
  accepts: (value): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0,
};
export const LIST: ExpectedType<readonly JsonValue[]> = {
  name: 'array',
  accepts: (value): value is readonly JsonValue[] => Array.isArray(value),
};

/** Evaluates a field that takes one type only. */
export async function evaluateTo<Value extends JsonValue>(
  draft: Draft,
  scopeId: string,
  [field, template]: readonly [string, Template],
  expected: ExpectedType<Value>,
): Promise<Outcome<Value>> {
  const evaluated = await draft.evaluate(scopeId, field, template);
  if (!evaluated.ok) return evaluated;
  const { value } = evaluated;
  if (expected.accepts(value)) return { ok: true, value };
  const what = isExpression(template) ? `JSONata expression '${expressionText(template)}'` : 'value';
  const was = `Expected '${expected.name}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`;
  return draft.queryFailure(
    scopeId,
    `The ${what} specified for the field '${field}' returned an unexpected result type. ${was}`,
  );
}

function typeName(value: JsonValue): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
