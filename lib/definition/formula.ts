import type { Expression, ValueType } from '../contracts/expression.ts';
import { UserError } from '../errors/user-error.ts';
import { type ColumnMap, type ColumnValues, columnValues } from './column.ts';
import { ExpressionValue } from './expression-value.ts';
import type { Value } from './value.ts';

/** An arrow function's expression, or why it gave none: kept, so that it is reported with everything else. */
export type Formula =
  | { readonly kind: 'formula'; readonly expression: Expression }
  | { readonly kind: 'failed'; readonly problem: string; readonly fix: string };

/** What a definition may write where a value of a row is meant: a column's name, or a function of the columns. */
export type Written<C extends ColumnMap, Name extends string, T extends ValueType> =
  | Name
  | ((columns: ColumnValues<C>) => Value<T>);

/** Calls the user's function once with the columns, or takes the column that is named. */
export function evaluate<C extends ColumnMap>(
  columns: C,
  written: string | ((columns: ColumnValues<C>) => unknown),
): Formula {
  return formulaOf(() => {
    const values = columnValues(columns);
    return typeof written === 'function' ? written(values) : values[written];
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

function failed(problem: string, fix: string): Formula {
  return { kind: 'failed', problem, fix };
}

function describe(value: unknown): string {
  return value === null ? 'null' : typeof value === 'object' ? 'an object' : `${typeof value} ${String(value)}`;
}
