import type { Expression, ValueType } from '../contracts/expression.ts';
import { UserError } from '../errors/user-error.ts';
import { type ColumnMap, type ColumnValues, columnValues } from './column.ts';
import { ExpressionValue } from './expression-value.ts';
import { parseSql } from './sql-text.ts';
import type { Value } from './value.ts';

/** An arrow function's expression, or why it gave none: kept, so that it is reported with everything else. */
export type Formula =
  | { readonly kind: 'formula'; readonly expression: Expression }
  | { readonly kind: 'failed'; readonly problem: string; readonly fix: string };

/** What a definition may write where a value of a row is meant: a column's name, an `sql` text, or a function of the columns. */
export type Written<C extends ColumnMap, Name extends string, T extends ValueType> =
  | Name
  | Value<T>
  | ((columns: ColumnValues<C>) => Value<T>);

/** Calls the user's function once with the columns, or takes the column that is named, or the value itself. */
export function evaluate<C extends ColumnMap>(
  columns: C,
  written: string | Value<ValueType> | ((columns: ColumnValues<C>) => unknown),
): Formula {
  return formulaOf(() => {
    const values = columnValues(columns);
    const result =
      typeof written === 'function' ? written(values) : typeof written === 'string' ? values[written] : written;
    return result instanceof ExpressionValue ? new ExpressionValue(withSqlRead(result.expression, columns)) : result;
  });
}

/** What the user's code makes: whatever it throws becomes part of the definition's diagnostics. */
export function formulaOf(make: () => unknown): Formula {
  try {
    const result = make();
    return result instanceof ExpressionValue
      ? { kind: 'formula', expression: result.expression }
      : failed(`the function returned ${describe(result)}`, 'return an expression over what it receives');
  } catch (error) {
    if (error instanceof UserError) return failed(error.message, error.resolution);
    return failed(`the function threw ${String(error)}`, 'return an expression over what it receives');
  }
}

/** The expression with the texts in it read over the columns. The cast keeps each node's own kind. */
function withSqlRead(expression: Expression, columns: ColumnMap): Expression {
  if (expression.kind === 'sql') return { ...expression, expression: parseSql(expression.text, columns) };
  const read = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(read);
    return typeof part === 'object' && part !== null ? withSqlRead(part as Expression, columns) : part;
  };
  return Object.fromEntries(Object.entries(expression).map(([name, part]) => [name, read(part)])) as Expression;
}

function failed(problem: string, fix: string): Formula {
  return { kind: 'failed', problem, fix };
}

function describe(value: unknown): string {
  return value === null ? 'null' : typeof value === 'object' ? 'an object' : `${typeof value} ${String(value)}`;
}
