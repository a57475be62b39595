import type { ColumnType } from '../contracts/column-schema.ts';
import { UserError } from '../errors/user-error.ts';
import { ExpressionValue } from './expression-value.ts';
import type { ColumnValue } from './value.ts';

/** A declared column of a source. */
export interface Column<T extends ColumnType = ColumnType> {
  readonly kind: 'column';
  readonly type: T;
  /** Of a double: what becomes of texts that are no finite number; default: such a row is quarantined. */
  readonly notFinite?: 'null' | undefined;
  /** Of a timestamp: the place whose clocks the texts are read from; default: texts carry their offset. */
  readonly clock?: PlaceClock | undefined;
}

/** The clocks of a place. */
export interface PlaceClock {
  /** IANA name. */
  readonly zone: string;
  /** Which of the two moments is meant when clocks have gone back; default: such a row is quarantined. */
  readonly repeated?: 'earlier' | 'later' | undefined;
}

/** Columns by name, in the order of the file. */
export type ColumnMap = Readonly<Record<string, Column>>;

/**
 * A point in time: ISO 8601 with `T` and with `Z` or an offset of at most 14 hours, up to microseconds, years 1900 to
 * 2199. The offset says which of two equal clock times is meant, so that no row depends on a time zone's rules. A leap
 * second (`:60`) is no time, for instants are counted as Unix does: such a row is quarantined, and so is one without
 * offset, with a comma or a seventh decimal place, or at a day that does not exist.
 */
export const timestamp = (): Column<'timestamp'> => ({ kind: 'column', type: 'timestamp' });
/**
 * A point in time as the clocks of a place show it, converted to UTC at ingest: as `timestamp()`, but without `Z` or
 * offset, and with `T` or a space. A time that clocks skip as they go forward is none: such a row is quarantined. So is
 * one that they show twice as they go back, unless `repeated` says which of the two is meant.
 */
export const localTimestamp = ({ zone, repeated }: PlaceClock): Column<'timestamp'> => ({
  kind: 'column',
  type: 'timestamp',
  clock: { zone, repeated },
});

/** A whole number of at most 18 digits. */
export const integer = (): Column<'integer'> => ({ kind: 'column', type: 'integer' });

/**
 * A decimal number, also with an exponent, as a 64-bit float. A row whose text is `NaN` or an infinity is quarantined;
 * with `notFinite: 'null'` the value is null: `NaN`, `inf`, `Infinity`, in any case, the latter two also signed.
 */
export const double = ({ notFinite }: { readonly notFinite?: 'null' } = {}): Column<'double'> => ({
  kind: 'column',
  type: 'double',
  notFinite,
});

/** `true` or `false`. */
export const boolean = (): Column<'boolean'> => ({ kind: 'column', type: 'boolean' });
/** Any text that is valid UTF-8; an empty field is null. */
export const text = (): Column<'text'> => ({ kind: 'column', type: 'text' });

/** Names of the columns whose type is one of `T`. */
export type ColumnName<C extends ColumnMap, T extends ColumnType = ColumnType> = {
  [Name in keyof C & string]: C[Name]['type'] extends T ? Name : never;
}[keyof C & string];

/** What an arrow function receives: each column of the source as a typed value. */
export type ColumnValues<C extends ColumnMap> = { readonly [Name in keyof C]: ColumnValue<C[Name]['type']> };

/**
 * The columns as values. Asking for a column that is not declared says so and names those that are.
 * The cast gives the one runtime class the static types of the columns that it stands for.
 */
export function columnValues<C extends ColumnMap>(columns: C): ColumnValues<C> {
  const values = new Map(
    Object.entries(columns).map(([name, { type }]) => [name, new ExpressionValue({ kind: 'column', name, type })]),
  );
  return new Proxy({} as ColumnValues<C>, {
    get: (_target, name) => values.get(String(name)) ?? unknownColumn(String(name), [...values.keys()]),
  });
}

function unknownColumn(name: string, known: readonly string[]): never {
  throw new UserError({
    code: 'unknown-column',
    message: `there is no column ${JSON.stringify(name)}`,
    resolution: `use one of ${known.join(', ')}`,
  });
}
