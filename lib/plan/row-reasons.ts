import type { ColumnType } from '../contracts/column-schema.ts';
import type { ComparisonOperator, Expression } from '../contracts/expression.ts';
import type { BetweenRule, RowRule } from '../definition/row-rule.ts';
import type { AnySource } from '../definition/source.ts';
import { assertNever, must } from '../errors/fault.ts';

/** A condition on a row's typed columns; the row is quarantined for this reason where it is false, not where null. */
export interface RowReason {
  /** Says what is wrong with a row that fails: `delay: missing`. */
  readonly name: string;
  readonly holds: Expression;
}

/**
 * Everything that is asked of a row, in the order in which it is asked: what the source needs in any case (events an
 * event time, all a whole key), then the declared rules.
 */
export function rowReasons(source: AnySource): readonly RowReason[] {
  const column = (name: string): Expression => ({ kind: 'column', name, type: typeOfColumn(source, name) });
  const needed = new Set([...(source.kind === 'source' ? [source.eventTime] : []), ...(source.key ?? [])]);
  const declared = source.rows.flatMap((rule) => reasonsOf(rule, column));
  const reasons = [...[...needed].map((name) => missing(name, column)), ...declared];
  return reasons.filter(({ name }, index) => reasons.findIndex((other) => other.name === name) === index);
}

function typeOfColumn(source: AnySource, name: string): ColumnType {
  return must(source.columns[name], `a declared column ${name}`).type;
}

type ColumnNamed = (name: string) => Expression;

function reasonsOf(rule: RowRule, column: ColumnNamed): readonly RowReason[] {
  switch (rule.kind) {
    case 'complete':
      return rule.columns.map((name) => missing(name, column));
    case 'between':
      return [{ name: `${rule.column}: not between ${rule.min} and ${rule.max}`, holds: within(rule, column) }];
    case 'one-of':
      return [
        {
          name: `${rule.column}: not one of ${rule.values.join(', ')}`,
          holds: rule.values
            .map(
              (value): Expression => compare('equals', column(rule.column), { kind: 'literal', type: 'text', value }),
            )
            .reduce((left, right) => ({ kind: 'logic', operator: 'or', left, right })),
        },
      ];
    case 'matches':
      return [
        {
          name: `${rule.column}: does not match ${rule.pattern}`,
          holds: { kind: 'matches', operand: column(rule.column), pattern: rule.pattern },
        },
      ];
    default:
      return assertNever(rule);
  }
}

function missing(name: string, column: ColumnNamed): RowReason {
  return { name: `${name}: missing`, holds: { kind: 'not', operand: { kind: 'is-null', operand: column(name) } } };
}

function within({ column: name, min, max }: BetweenRule, column: ColumnNamed): Expression {
  const left = compare('at-least', column(name), numberOf(min));
  return { kind: 'logic', operator: 'and', left, right: compare('at-most', column(name), numberOf(max)) };
}

function numberOf(value: number): Expression {
  return { kind: 'literal', type: Number.isInteger(value) ? 'integer' : 'double', value };
}

function compare(operator: ComparisonOperator, left: Expression, right: Expression): Expression {
  return { kind: 'comparison', operator, left, right };
}
