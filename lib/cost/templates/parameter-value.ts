import { isObject, type JsonObject } from '../json-object.ts';
import type { Problems } from './problems.ts';

/** What a template parameter can be at a deployment. */
export type ParameterValue =
  | { readonly kind: 'known'; readonly value: unknown }
  | { readonly kind: 'closed'; readonly values: readonly unknown[] }
  /** A number; `bounds` are its least and its greatest value, inclusive. */
  | { readonly kind: 'range'; readonly bounds: readonly number[] }
  | { readonly kind: 'open'; readonly reason: string };

export interface DeclaredParameter {
  readonly name: string;
  /** `stack/Name`. */
  readonly address: string;
  readonly declaration: JsonObject;
  /** The value that this review was given for it. */
  readonly given: string | undefined;
}

/**
 * What can be proven of a parameter: the value that was given, else its allowed values, else its range. A Default
 * proves nothing: a deployment can override it; nor does one end of a range: some options cost more the less they are.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html (2026-11-20).
 */
export function parameterValue(parameter: DeclaredParameter, problems: Problems): ParameterValue {
  const { name, address, declaration, given } = parameter;
  const type = typeof declaration['Type'] === 'string' ? declaration['Type'] : 'String';
  if (type.startsWith('AWS::SSM::')) {
    return { kind: 'open', reason: `read from Systems Manager at deployment, by the parameter ${address}` };
  }
  if (given !== undefined) return { kind: 'known', value: givenValue(parameter, type, given, problems) };
  const allowed = isListType(type) ? [] : allowedValues(declaration);
  if (allowed.length > 0) return closedValue(allowed.map((value) => typedValue(type, String(value))));
  const ends = type === 'Number' ? [declaration['MinValue'], declaration['MaxValue']].map(finiteNumber) : [];
  const [least, greatest] = ends;
  if (least !== undefined && greatest !== undefined) {
    return { kind: 'range', bounds: least === greatest ? [greatest] : [least, greatest] };
  }
  const why = declaration['Default'] === undefined ? '' : ', whose Default a deployment can override';
  const limits = type === 'Number' ? 'AllowedValues, a MinValue and a MaxValue' : 'AllowedValues';
  const reason = `decided by the parameter ${address}${why}: ${limits} or --parameter ${name}=… would limit it`;
  return { kind: 'open', reason };
}

/** None where the list is missing, or is none. */
function allowedValues({ AllowedValues: allowed }: JsonObject): readonly unknown[] {
  return Array.isArray(allowed) ? allowed : [];
}

const closedValue = (values: readonly unknown[]): ParameterValue =>
  values.length === 1 ? { kind: 'known', value: values[0] } : { kind: 'closed', values };

function givenValue(
  { name, address, declaration }: DeclaredParameter,
  type: string,
  given: string,
  problems: Problems,
) {
  const refuse = (allowed: string): void =>
    problems.add('invalid-option', {
      at: `--parameter ${name}`,
      message: `gives '${given}', which ${address} does not allow`,
      fix: `give ${allowed}`,
    });
  const texts = isListType(type) ? given.split(',').map((text) => text.trim()) : [given];
  const { AllowedValues: allowed } = declaration;
  if (Array.isArray(allowed)) {
    const names = allowed.map(String);
    if (!texts.every((text) => names.includes(text))) refuse(`one of ${names.slice(0, 10).join(', ')}`);
  }
  if (isNumberType(type)) {
    const least = finiteNumber(declaration['MinValue']) ?? Number.NEGATIVE_INFINITY;
    const greatest = finiteNumber(declaration['MaxValue']) ?? Number.POSITIVE_INFINITY;
    const isAllowed = (number: number | undefined) => number !== undefined && number >= least && number <= greatest;
    if (!texts.map(finiteNumber).every(isAllowed)) refuse(`a number from ${least} to ${greatest}`);
  }
  return typedValue(type, given);
}

/** A parameter's text as its type has it; a number that JSON would write otherwise stays a text. */
function typedValue(type: string, text: string): unknown {
  if (isListType(type)) {
    return text.split(',').map((item) => (isNumberType(type) ? numberOrText(item.trim()) : item.trim()));
  }
  return isNumberType(type) ? numberOrText(text) : text;
}

const isListType = (type: string): boolean => type === 'CommaDelimitedList' || type.startsWith('List<');
const isNumberType = (type: string): boolean => type === 'Number' || type === 'List<Number>';

const numberOrText = (text: string): number | string => (String(Number(text)) === text ? Number(text) : text);

function finiteNumber(value: unknown): number | undefined {
  const isText = typeof value === 'string' && value.trim() !== '';
  const number = typeof value === 'number' || isText ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** What is wrong with how a parameter is declared. */
export function checkParameter(declaration: unknown, at: string, problems: Problems): JsonObject | undefined {
  if (!isObject(declaration)) {
    problems.malformed(at, 'is not an object', 'declare the parameter with its Type');
    return undefined;
  }
  if (typeof declaration['Type'] !== 'string') problems.malformed(`${at}.Type`, 'is not a text', 'set the Type');
  const { AllowedValues: allowed } = declaration;
  if (allowed !== undefined && !(Array.isArray(allowed) && allowed.length > 0 && allowed.every(isScalar))) {
    problems.malformed(`${at}.AllowedValues`, 'is not a list of values', 'list the values that are allowed');
  }
  for (const limit of ['MinValue', 'MaxValue']) {
    if (declaration[limit] !== undefined && finiteNumber(declaration[limit]) === undefined) {
      problems.malformed(`${at}.${limit}`, 'is not a number', 'set a number');
    }
  }
  return declaration;
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
