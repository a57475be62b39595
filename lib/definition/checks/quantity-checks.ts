import { type Duration, days, formatDuration } from '../../units/duration.ts';
import { type Problems, problem, shown, unless } from './problem.ts';

/** Both ends inclusive. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly whole?: true;
}

/** A number within a range; whole where it counts something. */
export function checkNumber(at: string, value: unknown, { min, max, whole }: NumberRange): Problems {
  const kind = whole ? 'whole number' : 'number';
  const isRight = typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value));
  return unless(isRight, at, {
    code: 'out-of-range',
    message: `${at} == ${shown(value)}, must be a ${kind} from ${min} to ${max}`,
    fix: `give a ${kind} from ${min} to ${max}`,
  });
}

/** A century: longer lengths are mistakes, and stay far below what microseconds can count. */
export const LONGEST_LENGTH = days(36_525);

export interface DurationRange {
  /** Inclusive, microseconds. */
  readonly min: Duration;
  readonly max: Duration;
  /** What the length must be a whole number of. */
  readonly step: Duration;
}

/** A length of time within a range. */
export function checkDuration(at: string, value: unknown, { min, max, step }: DurationRange): Problems {
  const isRight = typeof value === 'number' && value >= min && value <= max && value % step === 0;
  const given = typeof value === 'number' && Number.isFinite(value) ? showDuration(value) : shown(value);
  const range = `${formatDuration(min)} to ${formatDuration(max)}, in steps of ${formatDuration(step)}`;
  return unless(isRight, at, {
    code: 'out-of-range',
    message: `${at} == ${given}, must be ${range}`,
    fix: `give a length from ${range}, such as hours(3)`,
  });
}

/** One of some words. */
export function checkMember(at: string, value: unknown, allowed: readonly string[]): Problems {
  return unless(typeof value === 'string' && allowed.includes(value), at, {
    code: 'not-allowed',
    message: `${at} == ${shown(value)}, must be one of ${allowed.join(', ')}`,
    fix: `use one of ${allowed.join(', ')}`,
  });
}

interface NameShape {
  readonly pattern: RegExp;
  /** In words: `lowercase letters, digits and hyphens`. */
  readonly words: string;
}

const IDENTIFIER = { pattern: /^[a-z][a-z0-9_]{0,47}$/, words: 'lowercase letters, digits and single underscores' };
const PIPELINE = { pattern: /^[a-z][a-z0-9-]{0,23}$/, words: 'lowercase letters, digits and hyphens' };

/** A name of a source, column, view, aggregate or feature: two underscores in a row join the parts of longer names. */
export function checkIdentifier(at: string, name: unknown): Problems {
  return checkName(at, name, IDENTIFIER, 48);
}

export const checkPipelineName = (at: string, name: unknown): Problems => checkName(at, name, PIPELINE, 24);

function checkName(at: string, name: unknown, { pattern, words }: NameShape, longest: number): Problems {
  return unless(typeof name === 'string' && pattern.test(name) && !name.includes('__'), at, {
    code: 'invalid-name',
    message: `the name ${shown(name)} is not allowed`,
    fix: `use at most ${longest} ${words}, the first a letter`,
  });
}

/** Values that must differ from each other, and where each one is. */
export function checkDistinct(values: readonly { readonly at: string; readonly value: string | number }[]): Problems {
  const places = new Map<string | number, string>();
  return values.flatMap(({ at, value }) => {
    const first = places.get(value);
    if (first === undefined) places.set(value, at);
    return first === undefined
      ? []
      : problem(at, {
          code: 'duplicate',
          message: `${shown(value)} is already at ${first}`,
          fix: 'rename or remove one of the two',
        });
  });
}

function showDuration(microseconds: number): string {
  return microseconds % 1_000_000 === 0 ? `${microseconds / 1_000_000} seconds` : `${microseconds} microseconds`;
}
