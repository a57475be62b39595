import { Fault } from '../errors/fault.ts';
import { type Dialect, MICROSECONDS_PER_DAY, MICROSECONDS_PER_HOUR } from './dialect.ts';

/**
 * Spark 4.1 with ANSI mode on. `pmod` is the remainder that is never negative; calendar functions that depend on the
 * session's zone are not used. Source: https://spark.apache.org/docs/4.1.1/sql-ref-literals.html (2026-11-20)
 */
export const SPARK: Dialect = {
  types: { text: 'STRING', integer: 'BIGINT', double: 'DOUBLE', boolean: 'BOOLEAN', timestamp: 'TIMESTAMP' },
  identifier,
  textLiteral,
  toMicroseconds: (timestamp) => `unix_micros(CAST(${timestamp} AS TIMESTAMP))`,
  fromMicroseconds: (microseconds) => `timestamp_micros(${microseconds})`,
  // `$` of a Java pattern also matches before a last line feed; \z does not.
  fullMatch: (text, pattern) => `(${text} RLIKE ${textLiteral(`\\A(?s:${pattern})\\z`)})`,
  parseTimestamp: (text) => `unix_micros(TRY_CAST(${text} AS TIMESTAMP))`,
  clockTime: (microseconds, zone) =>
    `unix_micros(from_utc_timestamp(timestamp_micros(${microseconds}), ${textLiteral(zone)}))`,
  tryCast: (value, type) => `TRY_CAST(${value} AS ${type})`,
  weekday: (microseconds) => `(pmod(${dayNumber(microseconds)} + 3, 7) + 1)`,
  hour: (microseconds) => `(pmod(${microseconds}, ${MICROSECONDS_PER_DAY}) div ${MICROSECONDS_PER_HOUR})`,
  isoDay: (microseconds) => `CAST(date_from_unix_date(CAST(${dayNumber(microseconds)} AS INT)) AS STRING)`,
  printable: (text) => `regexp_replace(${text}, '\\\\p{Cc}', '?')`,
};

/** Days since 1970-01-01, a Thursday. */
function dayNumber(microseconds: string): string {
  return `((${microseconds} - pmod(${microseconds}, ${MICROSECONDS_PER_DAY})) div ${MICROSECONDS_PER_DAY})`;
}

/** Variables are substituted even inside quotes, and only a literal has an escape for the dollar sign. */
function identifier(name: string): string {
  if (name.includes('\0') || name.includes('${')) throw new Fault(`an identifier that Spark can quote: ${name}`);
  return `\`${name.replaceAll('`', '``')}\``;
}

function textLiteral(value: string): string {
  if (value.includes('\0')) throw new Fault('a text without U+0000, which no SQL text can hold');
  const escaped = value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('$', '\\u0024');
  return `'${escaped}'`;
}
