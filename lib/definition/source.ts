import type { Duration } from '../units/duration.ts';
import type { ColumnMap, ColumnName, ColumnValues } from './column.ts';
import type { CsvFormat } from './csv-format.ts';
import { ExpressionValue } from './expression-value.ts';
import { evaluate, type Formula } from './formula.ts';
import type { QualityCheck } from './quality-check.ts';
import type { RowRule, RuleOver } from './row-rule.ts';
import type { AnyStaticTable } from './static-table.ts';
import type { TimestampValue } from './value.ts';

/** Rows lie in one partition per UTC day of the column. */
export interface DayPartition<Name extends string = string> {
  readonly kind: 'day';
  readonly column: Name;
}

export const day = <const Name extends string>(column: Name): DayPartition<Name> => ({ kind: 'day', column });

export interface SourceOptions<C extends ColumnMap> {
  readonly format: CsvFormat;
  /** In the order of the file. */
  readonly columns: C;
  /** When the fact happened. */
  readonly eventTime: NoInfer<ColumnName<C, 'timestamp'>>;
  /** When the row became available: a column, an expression, or how long after the event time. */
  readonly knownTime:
    | NoInfer<ColumnName<C, 'timestamp'>>
    | ((columns: ColumnValues<NoInfer<C>>) => TimestampValue)
    | Duration;
  readonly partition: DayPartition<NoInfer<ColumnName<C, 'timestamp'>>>;
  /** Identity of the fact that a row states; rows with an equal key are versions of it. None: nothing is corrected. */
  readonly key?: readonly NoInfer<ColumnName<C>>[];
  /** What every row must satisfy; a row that fails is quarantined with its reason. */
  readonly rows?: readonly NoInfer<RuleOver<C>>[];
  /** What every landing unit must satisfy; a unit that fails stops the run. */
  readonly checks?: readonly QualityCheck[];
}

/** A source of events, whatever its columns. */
export interface EventSource {
  readonly kind: 'source';
  readonly name: string;
  readonly format: CsvFormat;
  readonly columns: ColumnMap;
  readonly eventTime: string;
  readonly knownTime: Formula;
  readonly partition: DayPartition;
  readonly key: readonly string[] | undefined;
  readonly rows: readonly RowRule[];
  readonly checks: readonly QualityCheck[];
}

/** Files that land in folders, one a day, and what is known of their rows. */
export interface Source<C extends ColumnMap = ColumnMap> extends EventSource {
  readonly columns: C;
}

/** What a pipeline may read: events, or a table without times. */
export type AnySource = EventSource | AnyStaticTable;
/** What a pipeline may read, with its columns' types. */
export type SourceOf<C extends ColumnMap> = AnySource & { readonly columns: C };

/** Columns that can name an entity, for functions that take them: `Entity<typeof flights>`. */
export type Entity<S extends AnySource> = readonly ColumnName<S['columns'], 'text' | 'integer'>[];

export function source<const C extends ColumnMap>(name: string, options: SourceOptions<C>): Source<C> {
  const { format, columns, eventTime, knownTime, partition, key, rows = [], checks = [] } = options;
  return {
    ...options,
    kind: 'source',
    name,
    format,
    columns,
    eventTime,
    knownTime: typeof knownTime === 'number' ? delayed(columns, eventTime, knownTime) : evaluate(columns, knownTime),
    partition,
    key,
    rows,
    checks,
  };
}

function delayed(columns: ColumnMap, eventTime: string, delay: Duration): Formula {
  return evaluate(columns, (values) => {
    const value: unknown = values[eventTime];
    return value instanceof ExpressionValue ? value.plus(delay) : value;
  });
}
