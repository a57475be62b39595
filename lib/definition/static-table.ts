import type { ColumnMap, ColumnName } from './column.ts';
import type { CsvFormat } from './csv-format.ts';
import type { QualityCheck } from './quality-check.ts';
import type { RowRule, RuleOver } from './row-rule.ts';

export interface StaticTableOptions<C extends ColumnMap> {
  readonly format: CsvFormat;
  /** In the order of the file. */
  readonly columns: C;
  /** What a row is about: no two rows of a landing unit may have an equal key, and none may lack a part of it. */
  readonly key: readonly NoInfer<ColumnName<C, 'text' | 'integer'>>[];
  /** What every row must satisfy; a row that fails is quarantined with its reason. */
  readonly rows?: readonly NoInfer<RuleOver<C>>[];
  /** What every landing unit must satisfy; a unit that fails stops the run. */
  readonly checks?: readonly QualityCheck[];
}

/** A static table, whatever its columns. */
export interface AnyStaticTable {
  readonly kind: 'static-table';
  readonly name: string;
  readonly format: CsvFormat;
  readonly columns: ColumnMap;
  readonly key: readonly string[];
  readonly rows: readonly RowRule[];
  readonly checks: readonly QualityCheck[];
}

/**
 * Facts without a time, such as where an airport lies: each landing unit is the whole table, and a run reads the newest
 * one that its slot reaches. Its rows count as known at every time.
 */
export interface StaticTable<C extends ColumnMap = ColumnMap> extends AnyStaticTable {
  readonly columns: C;
}

export function staticTable<const C extends ColumnMap>(name: string, options: StaticTableOptions<C>): StaticTable<C> {
  const { format, columns, key, rows = [], checks = [] } = options;
  return { ...options, kind: 'static-table', name, format, columns, key, rows, checks };
}
