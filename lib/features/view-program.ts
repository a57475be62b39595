import type { FeatureAggregate, FeatureViewProgram, SqlByEngine } from '../contracts/job-program.ts';
import type { Expression } from '../definition/expression.ts';
import { canonicalJson, fingerprint } from '../plan/fingerprint.ts';
import type { Plan, PlannedView } from '../plan/plan.ts';
import { byEngine } from '../sql/by-engine.ts';
import type { Dialect } from '../sql/dialect.ts';
import { entityColumn, rowKey } from '../sql/identity.ts';
import { numericScalar, scalar } from '../sql/scalar.ts';
import { windowSuffix } from './window-suffix.ts';

type ViewPlan = Pick<Plan, 'columns' | 'source' | 'ingest'>;

/** A feature view as the timeline kernel computes it: its events, and which aggregates over which windows. */
export function viewProgram(plan: ViewPlan, view: PlannedView): FeatureViewProgram {
  const operands = distinctOperands(view);
  const counted = filtersVersions(plan, view) ? SELECTED : null;
  const program = {
    entity: view.entity,
    events: eventsStatement(plan, view, operands),
    corrects: plan.ingest.key !== null,
    windows: view.windowsMicroseconds.map((microseconds) => ({ suffix: windowSuffix(microseconds), microseconds })),
    ttl: view.ttlMicroseconds,
    aggregates: view.aggregates.map(({ name, kind, operand }): FeatureAggregate => {
      return { name, kind, value: operand === null ? counted : operandColumn(operands, operand) };
    }),
  };
  return { name: view.name, version: fingerprint(program), ...program };
}

/**
 * Whether the filter must leave the rows and null their operands instead: a version that does not satisfy it still
 * ends the one before, so corrections come first.
 */
const filtersVersions = (plan: ViewPlan, view: PlannedView): boolean => plan.ingest.key !== null && view.where !== null;

/** The view's feature columns: each aggregate over each window, a latest value once. */
export function featureNames({ name, windows, aggregates }: FeatureViewProgram): readonly string[] {
  return aggregates.flatMap((aggregate) => {
    const column = `${name}__${aggregate.name}`;
    return aggregate.kind === 'latest' ? [column] : windows.map(({ suffix }) => `${column}_${suffix}`);
  });
}

/** Canonical text of each distinct operand, in the order of first use. */
function distinctOperands(view: PlannedView): ReadonlyMap<string, Expression> {
  const operands = view.aggregates.flatMap(({ operand }) => (operand === null ? [] : [operand]));
  return new Map(operands.map((operand) => [canonicalJson(operand), operand]));
}

function operandColumn(operands: ReadonlyMap<string, Expression>, operand: Expression): string {
  return valueColumn([...operands.keys()].indexOf(canonicalJson(operand)));
}

/** Leading underscores, which no declared column has. */
const valueColumn = (index: number): string => `_value_${index + 1}`;
const SELECTED = '_selected';

function eventsStatement(plan: ViewPlan, view: PlannedView, operands: ReadonlyMap<string, Expression>): SqlByEngine {
  return byEngine((dialect) => {
    const { key, eventTime } = plan.ingest;
    const selected = [
      ...view.entity.map((column) => entityColumn(plan.columns, column, dialect)),
      `${dialect.toMicroseconds(dialect.identifier(eventTime))} AS event_time`,
      `${dialect.toMicroseconds('known_time')} AS known_time`,
      ...(key === null ? [] : [`${rowKey(plan.columns, key, dialect)} AS row_key`]),
      ...operandColumns(plan, view, operands, dialect),
    ];
    // An event of no entity takes no part.
    const conditions = view.entity.map((column) => `${dialect.identifier(column)} IS NOT NULL`);
    if (view.where !== null && !filtersVersions(plan, view)) conditions.push(scalar(view.where, dialect));
    const source = dialect.identifier(plan.source);
    return `SELECT ${selected.join(',\n  ')}\nFROM ${source}\nWHERE ${conditions.join(' AND ')}`;
  });
}

function operandColumns(
  plan: ViewPlan,
  view: PlannedView,
  operands: ReadonlyMap<string, Expression>,
  dialect: Dialect,
): readonly string[] {
  const values = [...operands.values()].map((operand) => numericScalar(operand, dialect));
  if (view.where === null || !filtersVersions(plan, view))
    return values.map((value, index) => `${value} AS ${valueColumn(index)}`);
  const where = scalar(view.where, dialect);
  return [
    `CAST(CASE WHEN ${where} THEN 1 END AS BIGINT) AS ${SELECTED}`,
    ...values.map((value, index) => `CASE WHEN ${where} THEN ${value} END AS ${valueColumn(index)}`),
  ];
}
