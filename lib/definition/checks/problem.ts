import type { Diagnostic } from '../../errors/diagnostic.ts';

export type Problems = readonly Diagnostic[];

export const NO_PROBLEMS: Problems = [];

interface Problem {
  readonly code: string;
  /** What is wrong, with the value given. */
  readonly message: string;
  readonly fix: string;
}

/** One error at a path into the definition. */
export function problem(at: string, { code, message, fix }: Problem): Problems {
  return [{ code, severity: 'error', at, message, fix }];
}

/** The problem, unless the claim holds. */
export function unless(holds: boolean, at: string, found: Problem): Problems {
  return holds ? NO_PROBLEMS : problem(at, found);
}

/** A value as it is shown to people: short, on one line. */
export function shown(value: unknown): string {
  if (typeof value === 'bigint') return `${value}`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number' || value === undefined) return String(value);
  const text =
    JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}` : part)) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
