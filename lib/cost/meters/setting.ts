import type { Diagnostic } from '../../errors/diagnostic.ts';
import { type CostDiagnosticCode, costDiagnostic } from '../cost-diagnostic.ts';
import { isObject } from '../json-object.ts';
import { isUnresolved, reasonOf, type Unresolved } from '../unresolved.ts';

/** A value as it was resolved, with the path of the property that holds it. */
export interface Setting {
  /** Undefined where the property is absent. */
  readonly value: unknown;
  readonly at: string;
  /** Who sets it: a resource of the templates, a task's arguments, or a task in the place of its job. */
  readonly source: 'template' | 'task' | 'override';
}

/** The property `field` of an object; of an object that is not known, its property is not known either. */
export function settingIn({ value, at, source }: Setting, field: string): Setting {
  const inner = isUnresolved(value) ? value : isObject(value) ? value[field] : undefined;
  return { value: inner, at: `${at}.${field}`, source };
}

/** The elements of a list, or undefined where the setting is no list that is known. */
export function elementsOf({ value, at, source }: Setting): readonly Setting[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.map((element: unknown, index) => ({ value: element, at: `${at}[${index}]`, source }));
}

export const isSet = ({ value }: Setting): boolean => value !== undefined && value !== null;

const CODE_OF_DECISION = {
  run: 'run-time-limit',
  deployment: 'deploy-time-limit',
  input: 'unknown-intrinsic',
} as const satisfies Record<Unresolved['decidedBy'], CostDiagnosticCode>;

/** Why a value that something depends on is not known; `fix` names what to set. */
export function notKnown({ value, at, source }: Setting, fix: string): Diagnostic | undefined {
  if (!isUnresolved(value)) return undefined;
  const code = source === 'override' ? 'overridden-limit' : CODE_OF_DECISION[value.decidedBy];
  return costDiagnostic(code, { at, message: `is ${reasonOf(value)}`, fix });
}

/** What no meter can read: the service would refuse it. */
export function malformed({ value, at, source }: Setting, expected: string): Diagnostic {
  const code = source === 'template' ? 'malformed-template' : 'malformed-definition';
  return costDiagnostic(code, { at, message: `is ${JSON.stringify(value) ?? 'not set'}`, fix: `set ${expected}` });
}

/** An option that costs what no meter covers. */
export const unmeteredOption = (at: string, message: string, fix: string): Diagnostic =>
  costDiagnostic('unmetered-option', { at, message, fix });

/** Options of an object that its meter does not know, and that may therefore cost anything. */
export function unknownOptions(object: Setting, known: ReadonlySet<string>): readonly Diagnostic[] {
  if (isUnresolved(object.value) || !isObject(object.value)) return [];
  return Object.keys(object.value)
    .filter((field) => !known.has(field) && isSet(settingIn(object, field)))
    .map((field) => unmeteredOption(`${object.at}.${field}`, 'is an option that no meter covers', 'leave it out'));
}
