import type { SqlByEngine, TrainingSetProgram } from '../contracts/job-program.ts';
import { must } from '../errors/fault.ts';
import type { Plan, PlannedSource, PlannedView } from '../plan/plan.ts';
import { byEngine } from '../sql/by-engine.ts';
import type { Dialect } from '../sql/dialect.ts';
import { entityColumn, rowKey } from '../sql/identity.ts';
import { numericScalar, scalar } from '../sql/scalar.ts';
import { featureNames, viewProgram } from './view-program.ts';

/** Labels, views and split of a plan, as the training-set job computes them. */
export function trainingSetProgram(plan: Plan): TrainingSetProgram {
  const views = plan.views.map((view) => viewProgram(sourceOf(plan, view), view));
  const labelFeatures = plan.labelFeatures.map(({ name }) => name);
  return {
    kind: 'training-set',
    version: 3,
    pipeline: plan.pipeline,
    sources: plan.sources.map(({ name, kind, columns, lookbackMicroseconds }) => ({
      name,
      kind,
      columns,
      lookbackMicroseconds,
    })),
    labels: labelsStatement(plan),
    labelsByRow: plan.sources[0].ingest.key === null,
    entityColumns: entityNames(plan).map((name) => entityColumn(plan.sources[0].columns, name)),
    labelFeatures,
    views,
    derived: plan.derived.steps,
    features: [...views.flatMap(featureNames), ...labelFeatures, ...plan.derived.names],
    historyMicroseconds: plan.historyMicroseconds,
    split: plan.split,
  };
}

function sourceOf({ sources }: Plan, view: PlannedView): PlannedSource {
  return must(
    sources.find(({ name }) => name === view.source),
    `a planned source ${view.source}`,
  );
}

/** Columns of the label that views are found by, and those that the split keeps together. */
function entityNames({ views, split }: Plan): readonly string[] {
  const found = views.flatMap(({ entity }) => entity.map(({ label }) => label));
  return [...new Set([...found, ...(split.kind === 'by-entity' ? split.entity : [])])];
}

/** A row without label time or label is no label; of the versions of a fact, the one in force is judged. */
function labelsStatement(plan: Plan): SqlByEngine {
  return byEngine((dialect) => {
    const selected = [
      `${scalar(plan.label.at, dialect)} AS label_time`,
      `${dialect.toMicroseconds('known_time')} AS known_time`,
      `${numericScalar(plan.label.is, dialect)} AS label`,
      ...entityNames(plan).map(dialect.identifier),
      ...plan.labelFeatures.map(({ name, value }) => `${numericScalar(value, dialect)} AS ${dialect.identifier(name)}`),
    ];
    return [
      `SELECT * FROM (SELECT ${selected.join(',\n  ')}`,
      `FROM ${rowsInForce(plan.sources[0], dialect)}) AS labels`,
      'WHERE label_time IS NOT NULL AND label IS NOT NULL',
    ].join('\n');
  });
}

/**
 * The job's view holds what was known at the slot. Versions of one fact are ordered by known time, then content, as
 * the timeline kernel orders them.
 */
function rowsInForce({ name: source, ingest, columns }: PlannedSource, dialect: Dialect): string {
  const rows = dialect.identifier(source);
  if (ingest.key === null) return rows;
  const content = columns.map(({ name }) => `${dialect.identifier(name)} DESC NULLS LAST`).join(', ');
  const newest = `PARTITION BY ${rowKey(columns, ingest.key, dialect)} ORDER BY known_time DESC, ${content}`;
  return `(SELECT * FROM (SELECT *, ROW_NUMBER() OVER (${newest}) AS _version FROM ${rows}) AS versions WHERE _version = 1) AS in_force`;
}
