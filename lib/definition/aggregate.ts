import type { ColumnMap, ColumnName, ColumnValues } from './column.ts';
import type { BooleanValue, NumericType, NumericValue } from './value.ts';

/** How many events are in the window. */
export interface CountAggregate {
  readonly kind: 'count';
}

/** An aggregate over an operand of the events: a column's name, or a function of the columns. */
export interface OperandAggregate<Kind extends string, Operand> {
  readonly kind: Kind;
  readonly operand: Operand;
}

type Computed<C extends ColumnMap, R> = (columns: ColumnValues<C>) => R;
type Flag = BooleanValue;
type Measure = NumericValue<NumericType> | BooleanValue;

/** What a feature view over columns `C` may compute. Sums are exact, so they take whole numbers. */
export type Aggregate<C extends ColumnMap> =
  | CountAggregate
  | OperandAggregate<'sum' | 'mean', ColumnName<C, 'integer'> | Computed<C, NumericValue<'integer'>>>
  | OperandAggregate<'share', ColumnName<C, 'boolean'> | Computed<C, Flag>>
  | OperandAggregate<'latest', ColumnName<C, 'integer' | 'double' | 'boolean'> | Computed<C, Measure>>;

/** How many events are in the window; 0 in an empty one. */
export const count = (): CountAggregate => ({ kind: 'count' });

/** The sum of a whole number over the window, nulls left out; null where nothing is left. */
export function sum<const Name extends string>(column: Name): OperandAggregate<'sum', Name>;
export function sum<V, R extends NumericValue<'integer'>>(
  of: (columns: V) => R,
): OperandAggregate<'sum', (columns: V) => R>;
export function sum<Operand>(operand: Operand): OperandAggregate<'sum', Operand> {
  return { kind: 'sum', operand };
}

/** The mean of a whole number over the window, nulls left out; null where nothing is left. */
export function mean<const Name extends string>(column: Name): OperandAggregate<'mean', Name>;
export function mean<V, R extends NumericValue<'integer'>>(
  of: (columns: V) => R,
): OperandAggregate<'mean', (columns: V) => R>;
export function mean<Operand>(operand: Operand): OperandAggregate<'mean', Operand> {
  return { kind: 'mean', operand };
}

/** The share of events in the window that are true, 0 to 1, nulls left out; null where nothing is left. */
export function share<const Name extends string>(column: Name): OperandAggregate<'share', Name>;
export function share<V, R extends Flag>(of: (columns: V) => R): OperandAggregate<'share', (columns: V) => R>;
export function share<Operand>(operand: Operand): OperandAggregate<'share', Operand> {
  return { kind: 'share', operand };
}

/** The value of the latest event in force, by event time; the view's `ttl` ends it, no window does. */
export function latest<const Name extends string>(column: Name): OperandAggregate<'latest', Name>;
export function latest<V, R extends Measure>(of: (columns: V) => R): OperandAggregate<'latest', (columns: V) => R>;
export function latest<Operand>(operand: Operand): OperandAggregate<'latest', Operand> {
  return { kind: 'latest', operand };
}
