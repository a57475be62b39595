import type { ColumnType } from '../contracts/column-schema.ts';
import { assertNever } from '../errors/fault.ts';
import type { Dialect } from './dialect.ts';
import { finite } from './scalar.ts';

/**
 * The texts of each type. Engines accept more than these and differ in it (white space, underscores, `NaN`, missing
 * offsets, leap seconds), so a text is matched first and only then cast.
 */
const DAY = '(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])';
const TIME_OF_DAY = '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?';
const PATTERNS = {
  integer: '[+-]?[0-9]{1,18}',
  double: '[+-]?([0-9]{1,40}([.][0-9]{0,40})?|[.][0-9]{1,40})([eE][+-]?[0-9]{1,3})?',
  boolean: 'true|false',
  timestamp: `${DAY}T${TIME_OF_DAY}(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))`,
} as const satisfies Record<Exclude<ColumnType, 'text'>, string>;

const CLOCK_TIME = `${DAY}[T ]${TIME_OF_DAY}`;

const NOT_FINITE = '[nN][aA][nN]|[+-]?[iI][nN][fF]([iI][nN][iI][tT][yY])?';

/** What the value of a column should have been, for the reason of a quarantined row. */
export const TYPE_NAMES = {
  text: 'a text',
  integer: 'an integer',
  double: 'a number',
  boolean: 'true or false',
  timestamp: 'a timestamp with offset',
} as const satisfies Record<ColumnType, string>;

/** The typed value of a text (timestamps in UTC), null where the text is none of the type; equal on both engines. */
export function castText(text: string, type: ColumnType, dialect: Dialect): string {
  switch (type) {
    case 'text':
      return text;
    case 'integer':
      return guarded(text, type, dialect.tryCast(text, dialect.types.integer), dialect);
    case 'double':
      return guarded(text, type, finite(dialect.tryCast(text, dialect.types.double)), dialect);
    case 'boolean':
      return `CASE ${text} WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END`;
    case 'timestamp':
      return guarded(text, type, dialect.fromMicroseconds(dialect.parseTimestamp(text)), dialect);
    default:
      return assertNever(type);
  }
}

/** Microseconds of a clock time without offset, read as if it were UTC; null where the text is none. */
export const clockTimeOf = (text: string, dialect: Dialect): string =>
  `CASE WHEN ${dialect.fullMatch(text, CLOCK_TIME)} THEN ${dialect.parseTimestamp(`CONCAT(${text}, 'Z')`)} END`;

/**
 * A text, or null where it stands for no finite number: what engines and numpy write for one, in any case.
 */
export const finiteText = (text: string, dialect: Dialect): string =>
  `CASE WHEN NOT ${dialect.fullMatch(text, NOT_FINITE)} THEN ${text} END`;

function guarded(text: string, type: keyof typeof PATTERNS, value: string, dialect: Dialect): string {
  return `CASE WHEN ${dialect.fullMatch(text, PATTERNS[type])} THEN ${value} END`;
}
