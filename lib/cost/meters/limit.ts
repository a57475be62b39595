import type { Diagnostic } from '../../errors/diagnostic.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { numberOf } from '../templates/literal.ts';
import type { Factor } from '../tree/cost-node.ts';
import { isSet, malformed, notKnown, type Setting } from './setting.ts';

/** A number that limits a cost, and the property that sets it. Beside a diagnostic the number means nothing. */
export interface Limit {
  readonly value: number;
  readonly at: string;
  readonly diagnostics: readonly Diagnostic[];
}

export interface LimitRange {
  /** For people: `a literal number of minutes`. */
  readonly expected: string;
  /** Inclusive; 1 where not given. */
  readonly least?: number;
  /** Inclusive. */
  readonly most?: number;
  /** What AWS takes where the property is absent, if that may be relied on. */
  readonly standard?: number | undefined;
}

/** A text that selects a price or a meter; undefined beside a diagnostic, or where it is absent. */
export interface Choice {
  readonly value: string | undefined;
  readonly at: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a whole number: a literal, or the decimal text of one, as CloudFormation takes both. */
export function readLimit(setting: Setting, range: LimitRange): Limit {
  const { least = 1, most = Number.MAX_SAFE_INTEGER, expected, standard } = range;
  const { at } = setting;
  const refuse = (diagnostic: Diagnostic): Limit => ({ value: least, at, diagnostics: [diagnostic] });
  const fix = `set ${nameOf(at)} to ${expected}`;
  if (!isSet(setting)) {
    if (standard !== undefined) return { value: standard, at, diagnostics: [] };
    return refuse(costDiagnostic('missing-limit', { at, message: 'is not set', fix }));
  }
  const number = numberOf(setting.value);
  const unknown = notKnown({ ...setting, value: number }, fix);
  if (unknown !== undefined) return refuse(unknown);
  const value = Number(number);
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    return refuse(malformed(setting, `${expected}, from ${least} to ${most}`));
  }
  return { value, at, diagnostics: [] };
}

/** Reads a text that may be absent. */
export function readChoice(setting: Setting, expected: string): Choice {
  const { value, at } = setting;
  const unknown = notKnown(setting, `set ${nameOf(at)} to ${expected}`);
  if (unknown !== undefined) return { value: undefined, at, diagnostics: [unknown] };
  if (value === undefined || value === null) return { value: undefined, at, diagnostics: [] };
  return typeof value === 'string'
    ? { value, at, diagnostics: [] }
    : { value: undefined, at, diagnostics: [malformed(setting, expected)] };
}

/** Reads a text that has to be there. */
export function readRequired(setting: Setting, expected: string): Choice {
  const choice = readChoice(setting, expected);
  if (choice.value !== undefined || choice.diagnostics.length > 0) return choice;
  const fix = `set ${nameOf(setting.at)} to ${expected}`;
  const missing = costDiagnostic('missing-limit', { at: setting.at, message: 'is not set', fix });
  return { ...choice, diagnostics: [missing] };
}

export const factorOf = (name: string, { value, at }: Limit): Factor => ({ name, at, quantity: BigInt(value) });

const nameOf = (at: string): string => at.slice(at.lastIndexOf('.') + 1);
