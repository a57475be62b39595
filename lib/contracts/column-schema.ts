/** Logical types of a column; timestamps are UTC microseconds wherever they are numbers. */
export const COLUMN_TYPES = ['text', 'integer', 'double', 'boolean', 'timestamp'] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

export interface ColumnSchema {
  readonly name: string;
  readonly type: ColumnType;
}
