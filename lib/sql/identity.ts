import type { ColumnSchema } from '../contracts/column-schema.ts';
import type { EntityColumn } from '../contracts/job-program.ts';
import { must } from '../errors/fault.ts';
import type { Dialect } from './dialect.ts';

/** An entity column as the jobs have it: labels and events meet on equal integers or on equal texts. */
export function entityColumn(columns: readonly ColumnSchema[], name: string): EntityColumn {
  const { type } = declared(columns, name);
  return { name, type: type === 'integer' ? 'integer' : 'text' };
}

/** One text per distinct key: each part led by its length, so that ('1', '11') and ('11', '1') differ. */
export function rowKey(columns: readonly ColumnSchema[], key: readonly string[], dialect: Dialect): string {
  const parts = key.map((name) => {
    const part = asText(columns, name, dialect);
    return `CAST(LENGTH(${part}) AS ${dialect.types.text}), ':', ${part}`;
  });
  return `CONCAT(${parts.join(', ')})`;
}

function asText(columns: readonly ColumnSchema[], name: string, dialect: Dialect): string {
  const { type } = declared(columns, name);
  const column = dialect.identifier(name);
  if (type === 'text') return column;
  return `CAST(${type === 'timestamp' ? dialect.toMicroseconds(column) : column} AS ${dialect.types.text})`;
}

const declared = (columns: readonly ColumnSchema[], name: string): ColumnSchema =>
  must(
    columns.find((column) => column.name === name),
    `a declared column ${name}`,
  );
