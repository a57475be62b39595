import { Fault } from '../errors/fault.ts';
import type { Dialect } from './dialect.ts';

/** DuckDB 1.5. Source: https://duckdb.org/docs/stable/sql/introduction (2026-11-20) */
export const DUCKDB: Dialect = {
  types: { text: 'VARCHAR', integer: 'BIGINT', double: 'DOUBLE', boolean: 'BOOLEAN', timestamp: 'TIMESTAMP' },
  identifier: (name) => `"${withoutNul(name).replaceAll('"', '""')}"`,
  textLiteral,
  toMicroseconds: (timestamp) => `epoch_us(${timestamp})`,
  fromMicroseconds: (microseconds) => `make_timestamp(${microseconds})`,
  fullMatch: (text, pattern) => `regexp_full_match(${text}, ${textLiteral(`(?s:${pattern})`)})`,
  // A cast to TIMESTAMP would drop the offset; TIMESTAMPTZ applies it.
  parseTimestamp: (text) => `epoch_us(TRY_CAST(${text} AS TIMESTAMPTZ))`,
  clockTime: (microseconds, zone) => `epoch_us(timezone(${textLiteral(zone)}, make_timestamptz(${microseconds})))`,
  tryCast: (value, type) => `TRY_CAST(${value} AS ${type})`,
  weekday: (microseconds) => `isodow(make_timestamp(${microseconds}))`,
  hour: (microseconds) => `hour(make_timestamp(${microseconds}))`,
  isoDay: (microseconds) => `strftime(make_timestamp(${microseconds}), '%Y-%m-%d')`,
  printable: (text) => `regexp_replace(${text}, '\\p{Cc}', '?', 'g')`,
};

function textLiteral(value: string): string {
  return `'${withoutNul(value).replaceAll("'", "''")}'`;
}

function withoutNul(value: string): string {
  if (value.includes('\0')) throw new Fault('a text without U+0000, which no SQL text can hold');
  return value;
}
