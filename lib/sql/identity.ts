import type { ColumnSchema } from '../contracts/column-schema.ts';
import { must } from '../errors/fault.ts';
import type { Dialect } from './dialect.ts';

/** An entity column under its own name, as text whatever it is, so that labels and events meet on equal texts. */
export function entityColumn(columns: readonly ColumnSchema[], name: string, dialect: Dialect): string {
  return `${asText(columns, name, dialect)} AS ${dialect.identifier(name)}`;
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
  const { type } = must(
    columns.find((column) => column.name === name),
    `a declared column ${name}`,
  );
  const column = dialect.identifier(name);
  if (type === 'text') return column;
  return `CAST(${type === 'timestamp' ? dialect.toMicroseconds(column) : column} AS ${dialect.types.text})`;
}
