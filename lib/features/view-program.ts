import type { Expression } from '../contracts/expression.ts';
import type { FeatureAggregate, FeatureViewProgram, SqlByEngine } from '../contracts/job-program.ts';
import { fingerprint } from '../plan/fingerprint.ts';
import type { PlannedSource, PlannedView } from '../plan/plan.ts';
import { byEngine } from '../sql/by-engine.ts';
import type { Dialect } from '../sql/dialect.ts';
import { rowKey } from '../sql/identity.ts';
import { numericScalar, scalar } from '../sql/scalar.ts';
import { eventsText } from './events-statement.ts';
import { operandsOf, type SelectedOperand } from './operands.ts';

/** A feature view as the timeline kernel computes it: its events, and which aggregates over which windows. */
export function viewProgram(source: PlannedSource, view: PlannedView): FeatureViewProgram {
  const operands = operandsOf(view, filtersVersions(source, view) ? view.where : null);
  const aggregates = view.aggregates.map(
    (aggregate): FeatureAggregate => ({
      kind: aggregate.kind,
      name: aggregate.name,
      value: operands.columnOf(aggregate),
      scale: aggregate.scale ?? 0,
      quantile: aggregate.quantile,
      default: aggregate.default,
      columns: aggregate.columns,
    }),
  );
  const program = {
    source: source.name,
    events: eventsStatement(source, view, operands.columns),
    timeless: isTimeless(source),
    corrects: corrects(source),
    operands: operands.columns.map(({ name, type }) => ({ name, type })),
    content: corrects(source) ? source.columns.map(contentColumn) : operands.columns.map(({ name }) => name),
    windows: view.windows,
    ttl: view.ttlMicroseconds,
  };
  return {
    name: view.name,
    version: versionOf(source, view, { ...program, aggregates }),
    entity: view.entity,
    ...program,
    aggregates,
  };
}

type Meaning = Omit<FeatureViewProgram, 'name' | 'version' | 'entity'>;

/**
 * A digest of everything that a value depends on: the rows that the source accepts and when they are known, what is
 * selected of them and what is computed. Not of the view's name, nor of the label's columns that find it.
 */
function versionOf({ ingest }: PlannedSource, { entity }: PlannedView, meaning: Meaning): string {
  const { columns, eventTime, knownTime, key, uniqueKey, reasons } = ingest;
  return fingerprint({
    ...meaning,
    rows: { columns, eventTime, knownTime, key, uniqueKey, reasons },
    entity: entity.map(({ event }) => event),
    aggregates: meaning.aggregates.map(({ columns: features, ...aggregate }) => ({
      ...aggregate,
      features: features.map(({ window, position }) => ({ window, position })),
    })),
  });
}

/** A table without times: its rows are no versions of anything, and known at any time. */
const isTimeless = ({ kind }: PlannedSource): boolean => kind !== 'events';

const corrects = (source: PlannedSource): boolean => !isTimeless(source) && source.ingest.key !== null;

/**
 * Whether the filter must leave the rows and null their operands instead: a version that does not satisfy it still
 * ends the one before, so corrections come first.
 */
const filtersVersions = (source: PlannedSource, view: PlannedView): boolean => corrects(source) && view.where !== null;

/** The view's feature columns: each aggregate over each window, a latest value once. */
export function featureNames({ aggregates }: FeatureViewProgram): readonly string[] {
  return aggregates.flatMap(({ columns }) => columns.map(({ name }) => name));
}

/** Leading underscores, which no declared column has. */
const contentColumn = ({ name }: { readonly name: string }): string => `_content_${name}`;

function eventsStatement(source: PlannedSource, view: PlannedView, operands: readonly SelectedOperand[]): SqlByEngine {
  return byEngine((dialect) => {
    const selected = [
      ...view.entity.map(({ event }) => dialect.identifier(event)),
      ...times(source, dialect),
      ...versions(source, dialect),
      ...operands.map(({ name, select }) => `${select(dialect)} AS ${name}`),
    ];
    // An event of no entity takes no part.
    const conditions = view.entity.map(({ event }) => `${dialect.identifier(event)} IS NOT NULL`);
    if (view.where !== null && !filtersVersions(source, view)) conditions.push(scalar(view.where, dialect));
    return eventsText({ selected, rows: dialect.identifier(source.name), conditions });
  });
}

function times(source: PlannedSource, dialect: Dialect): readonly string[] {
  const { eventTime } = source.ingest;
  if (isTimeless(source) || eventTime === null) return [];
  return [
    `${dialect.toMicroseconds(dialect.identifier(eventTime))} AS event_time`,
    `${dialect.toMicroseconds('known_time')} AS known_time`,
  ];
}

function versions(source: PlannedSource, dialect: Dialect): readonly string[] {
  const { key } = source.ingest;
  if (!corrects(source) || key === null) return [];
  return [`${rowKey(source.columns, key, dialect)} AS row_key`, ...contents(source, dialect)];
}

/** What orders versions that became known at once: every declared column, as the label's version is chosen. */
function contents({ columns }: PlannedSource, dialect: Dialect): readonly string[] {
  return columns.map((column) => {
    const value: Expression = { kind: 'column', ...column };
    const shown = column.type === 'text' ? dialect.identifier(column.name) : numericScalar(value, dialect);
    return `${shown} AS ${dialect.identifier(contentColumn(column))}`;
  });
}
