import type { Diagnostic } from '../errors/diagnostic.ts';
import { checkTemplate } from './expression-check.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { isExpression } from './query.ts';

/** Every problem of a value at a path. */
export type Check = (value: JsonValue, at: string) => readonly Diagnostic[];

export interface Field {
  readonly check: Check;
  readonly isRequired: boolean;
}

export const required = (check: Check): Field => ({ check, isRequired: true });
export const optional = (check: Check): Field => ({ check, isRequired: false });

export const wrong = (at: string, expected: string, value: JsonValue): Diagnostic => ({
  code: 'invalid-value',
  severity: 'error',
  at,
  message: `${JSON.stringify(value)} is not ${expected}`,
  fix: `give ${expected}`,
});

const only =
  (expected: string, accepts: (value: JsonValue) => boolean): Check =>
  (value, at) =>
    accepts(value) ? [] : [wrong(at, expected, value)];

export const text = only('a text', (value) => typeof value === 'string');
export const literalTrue = only('true', (value) => value === true);
export const oneOf = (...allowed: readonly string[]): Check =>
  only(`one of ${allowed.join(', ')}`, (value) => typeof value === 'string' && allowed.includes(value));

export const numberFrom = (least: number): Check =>
  only(`a number of at least ${least}`, (value) => typeof value === 'number' && value >= least);

export const integerFrom = (least: number): Check =>
  only(`an integer of at least ${least}`, (value) => Number.isSafeInteger(value) && Number(value) >= least);

export const template: Check = checkTemplate;

/** An expression, or a literal that passes. */
export const templateOr =
  (literal: Check): Check =>
  (value, at) =>
    isExpression(value) ? template(value, at) : [...literal(value, at), ...template(value, at)];

export const listOf =
  (item: Check): Check =>
  (value, at) => {
    if (!Array.isArray(value) || value.length === 0) return [wrong(at, 'a list with at least one item', value)];
    return value.flatMap((part: JsonValue, place: number) => item(part, `${at}[${place}]`));
  };

const VARIABLE_NAME = /^[\p{L}_][\p{L}\p{N}_]{0,79}$/u;

/** Source: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html (2026-11-20). */
export const assignments: Check = (value, at) => {
  if (!isJsonObject(value)) return [wrong(at, 'an object of variables', value)];
  return Object.entries(value).flatMap(([name, part]) => [
    ...(VARIABLE_NAME.test(name) && name !== 'states' ? [] : [wrong(`${at}.${name}`, 'a variable name', name)]),
    ...template(part, `${at}.${name}`),
  ]);
};

/** An object with exactly these fields; any other is refused by its name. */
export const objectOf =
  (fields: () => Readonly<Record<string, Field>>): Check =>
  (value, at) =>
    isJsonObject(value) ? checkFields(value, at, fields()) : [wrong(at, 'an object', value)];

export function checkFields(
  value: JsonObject,
  at: string,
  fields: Readonly<Record<string, Field>>,
): readonly Diagnostic[] {
  const missing = Object.entries(fields)
    .filter(([name, { isRequired }]) => isRequired && !(name in value))
    .map(([name]) => missingField(at, name));
  const given = Object.entries(value).flatMap(([name, part]) => {
    const field = fields[name];
    return field === undefined ? [refusedField(at, name, Object.keys(fields))] : field.check(part, join(at, name));
  });
  return [...missing, ...given];
}

export const join = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`);

const missingField = (at: string, name: string): Diagnostic => ({
  code: 'missing-field',
  severity: 'error',
  at: at === '' ? 'state machine' : at,
  message: `${name} is missing`,
  fix: `add ${name}`,
});

const JSON_PATH_FIELD =
  /^(InputPath|OutputPath|ResultPath|ResultSelector|Parameters|Result|Variable|Iterator|Not|And|Or|\w+Path|\w+\.\$)$/;
const FIELDS_TO_COME = [
  'HeartbeatSeconds',
  'Credentials',
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'ToleratedFailureCount',
  'ToleratedFailurePercentage',
  'Label',
  'TimeoutSeconds',
];

function refusedField(at: string, name: string, allowed: readonly string[]): Diagnostic {
  const fix = `allowed here: ${allowed.join(', ')}`;
  const refused = { severity: 'error', at: join(at, name) } as const;
  if (JSON_PATH_FIELD.test(name)) {
    return { ...refused, code: 'json-path-field', message: `${name} belongs to JSONPath, which is not supported`, fix };
  }
  if (FIELDS_TO_COME.includes(name)) {
    return { ...refused, code: 'unsupported-field', message: `${name} is not supported`, fix };
  }
  return { ...refused, code: 'unknown-field', message: `${name} is not a field of the States Language here`, fix };
}
