import jsonata from 'jsonata';
import type { Diagnostic } from '../errors/diagnostic.ts';
import { isJsonObject, type JsonValue } from './json.ts';
import { expressionText, isExpression } from './query.ts';

/** Problems of every expression in a template: syntax, and functions that Step Functions or this interpreter lack. */
export function checkTemplate(value: JsonValue, at: string): readonly Diagnostic[] {
  if (typeof value === 'string') return checkText(value, at);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, part]: readonly [string, JsonValue]) =>
    checkTemplate(part, `${at}.${key}`),
  );
}

function checkText(value: string, at: string): readonly Diagnostic[] {
  if (isExpression(value)) return checkExpression(expressionText(value), at);
  return value.startsWith('{%') || value.endsWith('%}') ? [halfMarked(value, at)] : [];
}

/** Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html (2026-11-20). */
const halfMarked = (value: string, at: string): Diagnostic => ({
  code: 'half-marked-expression',
  severity: 'error',
  at,
  message: `text begins or ends like an expression, but not both: ${value}`,
  fix: 'write {% expression %} with nothing before or after the marks',
});

function checkExpression(text: string, at: string): readonly Diagnostic[] {
  try {
    return [...callsIn(jsonata(text).ast())].flatMap((call) => refusalOf(call, at));
  } catch (error) {
    const reason = isJsonObject(error) ? String(error['message']) : String(error);
    return [
      {
        code: 'invalid-jsonata',
        severity: 'error',
        at,
        message: `expression ${text} cannot be parsed: ${reason}`,
        fix: 'correct the JSONata expression',
      },
    ];
  }
}

interface Call {
  readonly name: string;
  readonly argumentCount: number;
}

/** Every function named in a syntax tree: with its number of arguments where it is called. */
function* callsIn(node: unknown): Generator<Call> {
  if (Array.isArray(node)) for (const part of node) yield* callsIn(part);
  else if (isJsonObject(node)) {
    const procedure = node['procedure'];
    const given = node['arguments'];
    if (isJsonObject(procedure) && typeof procedure['value'] === 'string' && Array.isArray(given)) {
      yield { name: procedure['value'], argumentCount: given.length };
    }
    if (node['type'] === 'variable' && typeof node['value'] === 'string')
      yield { name: node['value'], argumentCount: 0 };
    for (const part of Object.values(node)) yield* callsIn(part);
  }
}

function refusalOf({ name, argumentCount }: Call, at: string): readonly Diagnostic[] {
  if (name === 'eval') {
    return [
      refusal(at, '$eval does not exist in Step Functions', 'use $parse for JSON, or write the expression itself'),
    ];
  }
  if (name === 'toMillis' && argumentCount > 1) {
    return [refusal(at, '$toMillis with a picture is not supported', 'pass an ISO 8601 timestamp')];
  }
  return [];
}

const refusal = (at: string, message: string, fix: string): Diagnostic => ({
  code: 'unsupported-function',
  severity: 'error',
  at,
  message,
  fix,
});
