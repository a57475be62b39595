import type { Expression } from '../contracts/expression.ts';
import type {
  FeatureAggregate,
  FeatureColumn,
  FeatureViewProgram,
  OperandColumn,
  SqlByEngine,
  WindowProgram,
} from '../contracts/job-program.ts';
import { typeOf } from '../definition/value-type.ts';
import { canonicalJson, fingerprint } from '../plan/fingerprint.ts';
import type { PlannedAggregate, PlannedSource, PlannedView } from '../plan/plan.ts';
import { byEngine } from '../sql/by-engine.ts';
import type { Dialect } from '../sql/dialect.ts';
import { entityColumn, rowKey } from '../sql/identity.ts';
import { numericScalar, scalar } from '../sql/scalar.ts';
import { windowSuffix } from './window-suffix.ts';

/** A feature view as the timeline kernel computes it: its events, and which aggregates over which windows. */
export function viewProgram(source: PlannedSource, view: PlannedView): FeatureViewProgram {
  const operands = distinctOperands(view);
  const counted = filtersVersions(source, view) ? SELECTED : null;
  const windows = view.windowsMicroseconds.map(windowProgram);
  const columns = operandColumns(source, view, operands);
  const program = {
    source: source.name,
    events: eventsStatement(source, view, columns),
    timeless: source.kind === 'static',
    corrects: source.ingest.key !== null,
    operands: columns.map(({ name, type }) => ({ name, type })),
    content: source.ingest.key === null ? columns.map(({ name }) => name) : source.columns.map(contentColumn),
    windows,
    ttl: view.ttlMicroseconds,
  };
  const aggregates = view.aggregates.map(
    (aggregate): FeatureAggregate => ({
      kind: aggregate.kind,
      name: aggregate.name,
      value: aggregate.operand === null ? counted : operandColumn(operands, aggregate.operand),
      scale: 0,
      quantile: null,
      default: null,
      columns: featureColumns(view, aggregate, windows),
    }),
  );
  return {
    name: view.name,
    version: fingerprint({
      ...program,
      entity: view.entity,
      aggregates: aggregates.map(({ columns: _, ...meaning }) => meaning),
    }),
    entity: view.entity.map((name) => ({ event: name, label: name })),
    ...program,
    aggregates,
  };
}

function windowProgram(microseconds: number): WindowProgram {
  return { suffix: windowSuffix(microseconds), microseconds, hop: null, start: 'open', end: 'closed' };
}

function featureColumns(
  view: PlannedView,
  { name, kind }: PlannedAggregate,
  windows: readonly WindowProgram[],
): readonly FeatureColumn[] {
  const stem = `${view.name}__${name}`;
  if (kind === 'latest') return [{ name: stem, window: null, position: null }];
  return windows.map(({ suffix }, window) => ({ name: `${stem}_${suffix}`, window, position: null }));
}

/**
 * Whether the filter must leave the rows and null their operands instead: a version that does not satisfy it still
 * ends the one before, so corrections come first.
 */
const filtersVersions = (source: PlannedSource, view: PlannedView): boolean =>
  source.ingest.key !== null && view.where !== null;

/** The view's feature columns: each aggregate over each window, a latest value once. */
export function featureNames({ aggregates }: FeatureViewProgram): readonly string[] {
  return aggregates.flatMap(({ columns }) => columns.map(({ name }) => name));
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
const contentColumn = ({ name }: { readonly name: string }): string => `_content_${name}`;
const SELECTED = '_selected';

interface SelectedOperand extends OperandColumn {
  readonly select: (dialect: Dialect) => string;
}

function eventsStatement(source: PlannedSource, view: PlannedView, operands: readonly SelectedOperand[]): SqlByEngine {
  return byEngine((dialect) => {
    const { key, eventTime } = source.ingest;
    const selected = [
      ...view.entity.map((column) => entityColumn(source.columns, column, dialect)),
      ...(eventTime === null ? [] : times(eventTime, dialect)),
      ...(key === null ? [] : [`${rowKey(source.columns, key, dialect)} AS row_key`, ...contents(source, dialect)]),
      ...operands.map(({ name, select }) => `${select(dialect)} AS ${name}`),
    ];
    // An event of no entity takes no part.
    const conditions = view.entity.map((column) => `${dialect.identifier(column)} IS NOT NULL`);
    if (view.where !== null && !filtersVersions(source, view)) conditions.push(scalar(view.where, dialect));
    const rows = dialect.identifier(source.name);
    return `SELECT ${selected.join(',\n  ')}\nFROM ${rows}\nWHERE ${conditions.join(' AND ')}`;
  });
}

const times = (eventTime: string, dialect: Dialect): readonly string[] => [
  `${dialect.toMicroseconds(dialect.identifier(eventTime))} AS event_time`,
  `${dialect.toMicroseconds('known_time')} AS known_time`,
];

/** What orders versions that became known at once: every declared column, as the label's version is chosen. */
function contents({ columns }: PlannedSource, dialect: Dialect): readonly string[] {
  return columns.map((column) => {
    const value: Expression = { kind: 'column', ...column };
    const shown = column.type === 'text' ? dialect.identifier(column.name) : numericScalar(value, dialect);
    return `${shown} AS ${dialect.identifier(contentColumn(column))}`;
  });
}

function operandColumns(
  source: PlannedSource,
  view: PlannedView,
  operands: ReadonlyMap<string, Expression>,
): readonly SelectedOperand[] {
  const { where } = view;
  const values = [...operands.values()].map((operand, index) => ({
    name: valueColumn(index),
    type: typeOf(operand) === 'double' ? ('double' as const) : ('integer' as const),
    operand,
  }));
  if (where === null || !filtersVersions(source, view))
    return values.map(({ operand, ...column }) => ({
      ...column,
      select: (dialect) => numericScalar(operand, dialect),
    }));
  const filtered = (value: string, dialect: Dialect): string => `CASE WHEN ${scalar(where, dialect)} THEN ${value} END`;
  return [
    { name: SELECTED, type: 'integer', select: (dialect) => `CAST(${filtered('1', dialect)} AS BIGINT)` },
    ...values.map(({ operand, ...column }) => ({
      ...column,
      select: (dialect: Dialect) => filtered(numericScalar(operand, dialect), dialect),
    })),
  ];
}
