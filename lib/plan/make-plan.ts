import type { ColumnSchema } from '../contracts/column-schema.ts';
import type { Expression } from '../contracts/expression.ts';
import { checkDefinition, type DefinitionLimits } from '../definition/check-definition.ts';
import type { FeatureView } from '../definition/feature-view.ts';
import type { Formula } from '../definition/formula.ts';
import type { LabelFeatures } from '../definition/label.ts';
import type { Spot, Training } from '../definition/model.ts';
import type { Definition } from '../definition/pipeline.ts';
import type { AnySource } from '../definition/source.ts';
import { sourcesOf } from '../definition/sources.ts';
import type { Checked } from '../errors/diagnostic.ts';
import { Fault, must } from '../errors/fault.ts';
import { toMinutes, toSeconds } from '../units/duration.ts';
import { deepFreeze } from './freeze.ts';
import type { Plan, PlannedIngest, PlannedSource, PlannedView } from './plan.ts';
import { drawTrials } from './random-search.ts';
import { rowReasons } from './row-reasons.ts';

const DEFAULT_WORKER_TYPE = 'G.1X';
const DEFAULT_VOLUME_GB = 30;

/** Decides a pipeline: the plan where the definition is sound, and everything that is wrong where it is not. */
export function makePlan(definition: Definition, limits?: DefinitionLimits): Checked<Plan> {
  const { diagnostics } = checkDefinition(definition, limits);
  if (diagnostics.some(({ severity }) => severity === 'error')) return { diagnostics };
  return { value: deepFreeze(planOf(definition)), diagnostics };
}

function planOf(definition: Definition): Plan {
  const views = definition.features.filter((part) => part.kind === 'feature-view').map(planView);
  return {
    version: 1,
    pipeline: definition.name,
    region: definition.region,
    ...planData(definition),
    views,
    sources: planSources(definition, views),
    ...planLimits(definition),
    gates: definition.gates,
    selectBy: definition.train.selectBy,
    seed: definition.train.seed,
    trials: drawTrials(definition.train),
  };
}

/** What is computed of the data. */
function planData({ label, features, history, split }: Definition) {
  return {
    label: { at: expressionOf(label.at), is: expressionOf(label.is) },
    labelFeatures: features.filter((part) => part.kind === 'label-features').flatMap(planLabelFeatures),
    historyMicroseconds: history,
    split: {
      kind: 'by-time',
      train: split.train,
      validation: split.validation,
      test: split.test,
      embargoMicroseconds: split.embargo ?? 0,
    },
  } satisfies Partial<Plan>;
}

/** What it may cost: when runs start, and what their jobs may use. */
function planLimits({ schedule, glue, train, evaluate, triesPerJob, bounds }: Definition) {
  return {
    schedule: { cron: schedule.fields, zone: schedule.zone },
    glue: {
      version: '6.0',
      workerType: glue.workerType ?? DEFAULT_WORKER_TYPE,
      workers: glue.workers,
      timeoutMinutes: toMinutes(glue.timeout),
    },
    training: {
      instance: train.instance,
      volumeGb: train.volumeGb,
      maxRuntimeSeconds: toSeconds(train.maxRuntime),
      spot: train.spot === undefined ? null : planSpot(train, train.spot),
      concurrency: train.concurrency,
    },
    evaluation: {
      instance: evaluate.instance,
      volumeGb: evaluate.volumeGb ?? DEFAULT_VOLUME_GB,
      maxRuntimeSeconds: toSeconds(evaluate.maxRuntime),
    },
    triesPerJob,
    bounds: { run: bounds.run, month: bounds.month },
  } satisfies Partial<Plan>;
}

function planSources({ label, features }: Definition, views: readonly PlannedView[]): Plan['sources'] {
  const [first, ...others] = sourcesOf(label, features).map((source) => planSource(source, views));
  return [must(first, 'the source of the label'), ...others];
}

function planSource(source: AnySource, views: readonly PlannedView[]): PlannedSource {
  const { name } = source;
  const base = { name, columns: columnsOf(source), ingest: planIngest(source) };
  if (source.kind === 'static-table') return { ...base, kind: 'static', lookbackMicroseconds: null };
  return { ...base, kind: 'events', lookbackMicroseconds: lookbackOf(views.filter((view) => view.source === name)) };
}

function columnsOf(source: AnySource): readonly ColumnSchema[] {
  return Object.entries(source.columns).map(([name, { type }]) => ({ name, type }));
}

function planIngest(source: AnySource): PlannedIngest {
  const { format, columns, key, checks } = source;
  const isEvents = source.kind === 'source';
  return {
    format: { kind: 'csv', delimiter: format.delimiter, quote: format.quote },
    columns: Object.entries(columns).map(([name, { type, notFinite }]) => ({
      name,
      type,
      notFinite: notFinite ?? null,
    })),
    eventTime: isEvents ? source.eventTime : null,
    knownTime: isEvents ? expressionOf(source.knownTime) : null,
    key: isEvents ? (key ?? null) : null,
    uniqueKey: isEvents ? null : source.key,
    reasons: rowReasons(source),
    checks,
  };
}

function planView({ name, source, entity, where, windows, ttl, aggregates }: FeatureView): PlannedView {
  return {
    name,
    source: source.name,
    entity,
    where: where === undefined ? null : expressionOf(where),
    windowsMicroseconds: [...windows].sort((a, b) => a - b),
    ttlMicroseconds: ttl ?? null,
    aggregates: aggregates.map(({ name: aggregate, kind, operand }) => ({
      name: aggregate,
      kind,
      operand: operand === null ? null : expressionOf(operand),
    })),
  };
}

function planLabelFeatures({ features }: LabelFeatures): Plan['labelFeatures'] {
  return features.map(({ name, value }) => ({ name, value: expressionOf(value) }));
}

function lookbackOf(views: readonly PlannedView[]): number | null {
  const lookbacks = views.map(({ aggregates, windowsMicroseconds, ttlMicroseconds }) => {
    const latest = aggregates.some(({ kind }) => kind === 'latest');
    if (latest && ttlMicroseconds === null) return null;
    return Math.max(0, ...windowsMicroseconds, latest && ttlMicroseconds !== null ? ttlMicroseconds : 0);
  });
  return lookbacks.reduce<number | null>(
    (longest, lookback) => (longest === null || lookback === null ? null : Math.max(longest, lookback)),
    0,
  );
}

function expressionOf(formula: Formula): Expression {
  if (formula.kind === 'formula') return formula.expression;
  throw new Fault(`a formula that failed passed the checks: ${formula.problem}`);
}

function planSpot({ rounds, maxRuntime }: Training, { maxWait, segment }: Spot): Plan['training']['spot'] {
  const checkpointSeconds = Math.ceil((toSeconds(maxRuntime) * Math.min(segment.count, rounds)) / rounds);
  return { maxWaitSeconds: toSeconds(maxWait), checkpointSeconds };
}
