import type { ColumnType } from '../contracts/column-schema.ts';

/**
 * How one engine spells what the renderers need. Arguments and results are SQL texts. Inside expressions a timestamp
 * or duration is a BIGINT of microseconds, so that both engines do the same exact arithmetic whatever their zone.
 */
export interface Dialect {
  readonly types: Readonly<Record<ColumnType, string>>;
  identifier(name: string): string;
  textLiteral(value: string): string;
  /** Of a timestamp column or value. */
  toMicroseconds(timestamp: string): string;
  /** A timestamp in UTC; the caller keeps to years 1 to 9999. */
  fromMicroseconds(microseconds: string): string;
  /** Whether the whole text matches, a dot any character; null of null. */
  fullMatch(text: string, pattern: string): string;
  /** Microseconds of an ISO 8601 text with offset, null where no such day exists; the text's shape was checked. */
  parseTimestamp(text: string): string;
  /** What the clocks of a zone (IANA name) show at a moment, read as if it were UTC: microseconds. */
  clockTime(microseconds: string, zone: string): string;
  tryCast(value: string, type: string): string;
  /** 1 is Monday, 7 is Sunday. */
  weekday(microseconds: string): string;
  hour(microseconds: string): string;
  /** ISO day as text. */
  isoDay(microseconds: string): string;
  /** The text with every control character replaced by `?`. */
  printable(text: string): string;
}

export const MICROSECONDS_PER_HOUR = 3_600_000_000;
export const MICROSECONDS_PER_DAY = 86_400_000_000;
