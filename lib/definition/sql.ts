import type { SqlType } from '../contracts/expression.ts';
import { ExpressionValue } from './expression-value.ts';
import type { BooleanValue, NumericValue, TextValue } from './value.ts';

/** The value of the type that is declared; the text is read once the columns are known. */
const written = (type: SqlType, text: string): ExpressionValue =>
  new ExpressionValue({ kind: 'sql', type, text, expression: null });

/**
 * SQL inside of expressions: `sql.integer('abs(delay) % 7')`. A text is checked before anything runs and means the same
 * on both engines; timestamps are their UTC microseconds. The casts give the one runtime class its static types.
 */
export const sql = {
  integer: (text: string): NumericValue<'integer'> => written('integer', text) as unknown as NumericValue<'integer'>,
  double: (text: string): NumericValue<'double'> => written('double', text) as unknown as NumericValue<'double'>,
  text: (text: string): TextValue => written('text', text) as unknown as TextValue,
  boolean: (text: string): BooleanValue => written('boolean', text) as unknown as BooleanValue,
} as const;
