import type { ColumnMap, ColumnName, ColumnValues } from './column.ts';
import type { BooleanValue, NumericType, NumericValue, TextValue } from './value.ts';
import type { WrittenWindow } from './window.ts';

/** What may be said of any aggregate. */
export interface AggregateOptions<V> {
  /** Rows that do not satisfy it take no part in this aggregate; corrections come first. */
  readonly where?: (columns: V) => BooleanValue;
  /** What stands where there is no value, once the label's row is joined; it is recorded with the set. */
  readonly default?: number;
  /** Those of the view's windows that it is computed over; all of them where none is given. */
  readonly over?: readonly WrittenWindow[];
  readonly scale?: undefined;
}

/** Of a sum of decimals: each value is rounded to this many digits after the point, halves up, and then summed exactly. */
export type ScaledOptions<V> = Omit<AggregateOptions<V>, 'scale'> & { readonly scale: number };

/** How many events are in the window. */
export interface CountAggregate<V> {
  readonly kind: 'count';
  readonly options: AggregateOptions<V>;
}

/** An aggregate over an operand of the events: a column's name, or a function of the columns. */
export interface OperandAggregate<Kind extends string, Operand, Options> {
  readonly kind: Kind;
  readonly operand: Operand;
  readonly options: Options;
}

export interface LastNAggregate<Operand, Options> extends OperandAggregate<'last-n', Operand, Options> {
  /** How many features it gives: 1 is the newest. */
  readonly positions: number;
}

export interface QuantileAggregate<Operand, Options> extends OperandAggregate<'quantile', Operand, Options> {
  /** From 0, the least value, to 1, the greatest. */
  readonly quantile: number;
}

type Computed<C extends ColumnMap, R> = (columns: ColumnValues<C>) => R;
type Measure = NumericValue<NumericType> | BooleanValue;
type IntegerOf<C extends ColumnMap> = ColumnName<C, 'integer'> | Computed<C, NumericValue<'integer'>>;
type DoubleOf<C extends ColumnMap> = ColumnName<C, 'double'> | Computed<C, NumericValue<'double'>>;
type NumberOf<C extends ColumnMap> = ColumnName<C, NumericType> | Computed<C, NumericValue<NumericType>>;
type FlagOf<C extends ColumnMap> = ColumnName<C, 'boolean'> | Computed<C, BooleanValue>;
type MeasureOf<C extends ColumnMap> = ColumnName<C, NumericType | 'boolean'> | Computed<C, Measure>;
type DistinctOf<C extends ColumnMap> = ColumnName<C, 'integer' | 'boolean' | 'text'> | Computed<C, Distinct>;
type Distinct = NumericValue<'integer'> | BooleanValue | TextValue;
type ExactKind = 'sum' | 'mean' | 'variance';

/** What a feature view over columns `C` may compute. Sums are exact: of whole numbers, or of decimals with a scale. */
export type Aggregate<C extends ColumnMap, V = ColumnValues<C>> =
  | CountAggregate<V>
  | OperandAggregate<'count-distinct', DistinctOf<C>, AggregateOptions<V>>
  | OperandAggregate<ExactKind, IntegerOf<C>, AggregateOptions<V>>
  | OperandAggregate<ExactKind, DoubleOf<C>, ScaledOptions<V>>
  | OperandAggregate<'share', FlagOf<C>, AggregateOptions<V>>
  | OperandAggregate<'min' | 'max' | 'first' | 'last', MeasureOf<C>, AggregateOptions<V>>
  | LastNAggregate<MeasureOf<C>, AggregateOptions<V>>
  | QuantileAggregate<NumberOf<C>, AggregateOptions<V>>
  | LatestAggregate<C, V>;

/** What a view of a static table may give: the value in its row. */
export type LatestAggregate<C extends ColumnMap, V = ColumnValues<C>> = OperandAggregate<
  'latest',
  MeasureOf<C>,
  AggregateOptions<V>
>;

/** How many events are in the window; 0 in an empty one. */
export function count<V>(options: AggregateOptions<V> = {}): CountAggregate<V> {
  return { kind: 'count', options };
}

/** Makes aggregates of a kind over a column, or over what a function makes of the columns. */
interface Over<Kind extends string, R> {
  <const Name extends string, V>(
    column: Name,
    options?: AggregateOptions<V>,
  ): OperandAggregate<Kind, Name, AggregateOptions<V>>;
  <V, Result extends R>(
    of: (columns: V) => Result,
    options?: AggregateOptions<V>,
  ): OperandAggregate<Kind, (columns: V) => Result, AggregateOptions<V>>;
}

/** Of decimals it takes a scale, of whole numbers none. */
interface ExactOver<Kind extends ExactKind> {
  <const Name extends string, V>(
    column: Name,
    options: ScaledOptions<V>,
  ): OperandAggregate<Kind, Name, ScaledOptions<V>>;
  <V, Result extends NumericValue<'double'>>(
    of: (columns: V) => Result,
    options: ScaledOptions<V>,
  ): OperandAggregate<Kind, (columns: V) => Result, ScaledOptions<V>>;
  <const Name extends string, V>(
    column: Name,
    options?: AggregateOptions<V>,
  ): OperandAggregate<Kind, Name, AggregateOptions<V>>;
  <V, Result extends NumericValue<'integer'>>(
    of: (columns: V) => Result,
    options?: AggregateOptions<V>,
  ): OperandAggregate<Kind, (columns: V) => Result, AggregateOptions<V>>;
}

const over =
  <const Kind extends string>(kind: Kind) =>
  <Operand, Options extends object>(
    operand: Operand,
    options = {} as Options,
  ): OperandAggregate<Kind, Operand, Options> => ({ kind, operand, options });

/** How many values that differ are in the window, nulls left out; 0 in an empty one. */
export const countDistinct: Over<'count-distinct', Distinct> = over('count-distinct');

/** The sum over the window, nulls left out; null where nothing is left. */
export const sum: ExactOver<'sum'> = over('sum');

/** The mean over the window, nulls left out; null where nothing is left. */
export const mean: ExactOver<'mean'> = over('mean');

/** The sample variance over the window (SQL's VAR_SAMP), nulls left out; null where fewer than two values are left. */
export const variance: ExactOver<'variance'> = over('variance');

/** The share of events in the window that are true, 0 to 1, nulls left out; null where nothing is left. */
export const share: Over<'share', BooleanValue> = over('share');

/** The least value in the window, nulls left out; a boolean is 0 or 1. */
export const min: Over<'min', Measure> = over('min');

/** The greatest value in the window, nulls left out; a boolean is 0 or 1. */
export const max: Over<'max', Measure> = over('max');

/** The value of the earliest event in the window that has one; ties go by known time, then content. */
export const first: Over<'first', Measure> = over('first');

/** The value of the latest event in the window that has one; ties go by known time, then content. */
export const last: Over<'last', Measure> = over('last');

/** The value of the latest event in force that has one, by event time; the view's `ttl` ends it, no window does. */
export const latest: Over<'latest', Measure> = over('latest');

/** The values of the n latest events in the window that have one, the newest first: n features. */
export function lastN<const Name extends string, V>(
  column: Name,
  positions: number,
  options?: AggregateOptions<V>,
): LastNAggregate<Name, AggregateOptions<V>>;
export function lastN<V, Result extends Measure>(
  of: (columns: V) => Result,
  positions: number,
  options?: AggregateOptions<V>,
): LastNAggregate<(columns: V) => Result, AggregateOptions<V>>;
export function lastN<Operand, Options extends object>(
  operand: Operand,
  positions: number,
  options = {} as Options,
): LastNAggregate<Operand, Options> {
  return { kind: 'last-n', operand, positions, options };
}

/** The value below which the fraction of the window's values lies, linear between two of them (SQL's PERCENTILE_CONT). */
export function quantile<const Name extends string, V>(
  column: Name,
  fraction: number,
  options?: AggregateOptions<V>,
): QuantileAggregate<Name, AggregateOptions<V>>;
export function quantile<V, Result extends NumericValue<NumericType>>(
  of: (columns: V) => Result,
  fraction: number,
  options?: AggregateOptions<V>,
): QuantileAggregate<(columns: V) => Result, AggregateOptions<V>>;
export function quantile<Operand, Options extends object>(
  operand: Operand,
  fraction: number,
  options = {} as Options,
): QuantileAggregate<Operand, Options> {
  return { kind: 'quantile', operand, quantile: fraction, options };
}
