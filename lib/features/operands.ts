import type { Expression } from '../contracts/expression.ts';
import type { OperandColumn } from '../contracts/job-program.ts';
import { typeOf } from '../definition/value-type.ts';
import { canonicalJson } from '../plan/fingerprint.ts';
import type { PlannedAggregate, PlannedView } from '../plan/plan.ts';
import type { Dialect } from '../sql/dialect.ts';
import { finite, numberLiteral, numericScalar, scalar } from '../sql/scalar.ts';

/** A column of a view's events that aggregates read: a value, on the rows that satisfy every condition. */
interface Operand {
  /** Null: 1 on each of the rows, which counts them. */
  readonly value: Expression | null;
  readonly scale: number | null;
  readonly conditions: readonly Expression[];
}

export interface SelectedOperand extends OperandColumn {
  readonly select: (dialect: Dialect) => string;
}

/** The operands of a view: each once, however many aggregates read it, and which of them an aggregate reads. */
export interface Operands {
  readonly columns: readonly SelectedOperand[];
  /** Null for a count of all rows. */
  readonly columnOf: (aggregate: PlannedAggregate) => string | null;
}

/**
 * The operand columns of a view.
 *
 * @param filter what holds for every aggregate and cannot leave the rows out; null: nothing.
 */
export function operandsOf({ aggregates }: PlannedView, filter: Expression | null): Operands {
  const operandOf = ({ operand, scale, where }: PlannedAggregate): Operand | null => {
    const conditions = [filter, where].filter((condition) => condition !== null);
    return operand === null && conditions.length === 0 ? null : { value: operand, scale, conditions };
  };
  const columns = new Map<string, SelectedOperand>();
  for (const operand of aggregates.map(operandOf).filter((each) => each !== null)) {
    const key = canonicalJson(operand);
    if (!columns.has(key)) columns.set(key, selected(operand, columns.size));
  }
  return {
    columns: [...columns.values()],
    columnOf: (aggregate) => {
      const operand = operandOf(aggregate);
      return operand === null ? null : (columns.get(canonicalJson(operand))?.name ?? null);
    },
  };
}

/** Named with a leading underscore, which no declared column has. */
const selected = (operand: Operand, index: number): SelectedOperand => ({
  name: `_value_${index + 1}`,
  type: operandType(operand),
  select: (dialect) => filtered(operand, dialect),
});

function operandType({ value, scale }: Operand): OperandColumn['type'] {
  const type = value === null || scale !== null ? 'integer' : typeOf(value);
  return type === 'double' || type === 'text' ? type : 'integer';
}

function filtered(operand: Operand, dialect: Dialect): string {
  const value = unfiltered(operand, dialect);
  if (operand.conditions.length === 0) return value;
  const conditions = operand.conditions.map((condition) => scalar(condition, dialect)).join(' AND ');
  return `CASE WHEN ${conditions} THEN ${value} END`;
}

function unfiltered({ value, scale }: Operand, dialect: Dialect): string {
  if (value === null) return numberLiteral(1, 'integer');
  if (scale !== null) return scaled(finite(scalar(value, dialect)), scale);
  return typeOf(value) === 'text' ? scalar(value, dialect) : numericScalar(value, dialect);
}

/** Below it a double has a floor that a BIGINT holds; above it every double is whole. */
const LARGEST_FLOORED = numberLiteral(9_000_000_000_000_000_000, 'double');

/**
 * A double as a whole number of its last digit: the product in float64, rounded to the nearest, halves up. What a
 * BIGINT cannot hold fails on either engine, by a cast: the floor of one of them would give the greatest BIGINT.
 */
function scaled(value: string, scale: number): string {
  const units = `((${value}) * ${numberLiteral(10 ** scale, 'double')} + ${numberLiteral(0.5, 'double')})`;
  return `CASE WHEN ABS(${units}) < ${LARGEST_FLOORED} THEN CAST(FLOOR(${units}) AS BIGINT) ELSE CAST(${units} AS BIGINT) END`;
}
