import type { ColumnSchema } from '../contracts/column-schema.ts';
import { checkDefinition, type DefinitionLimits } from '../definition/check-definition.ts';
import type { Column } from '../definition/column.ts';
import type { Spot, Training } from '../definition/model.ts';
import type { Definition } from '../definition/pipeline.ts';
import type { AnySource } from '../definition/source.ts';
import { sourcesOf } from '../definition/sources.ts';
import { isTimeless } from '../definition/static-view.ts';
import type { Checked } from '../errors/diagnostic.ts';
import { must } from '../errors/fault.ts';
import { toMinutes, toSeconds } from '../units/duration.ts';
import { deepFreeze } from './freeze.ts';
import { lookbackOf } from './lookback.ts';
import type { Plan, PlannedIngest, PlannedSource, ReadColumn } from './plan.ts';
import { expressionOf, planFeatures } from './plan-features.ts';
import { planSplit } from './plan-split.ts';
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
  const features = planFeatures(definition);
  const label = { at: expressionOf(definition.label.at), is: expressionOf(definition.label.is) };
  return {
    version: 1,
    pipeline: definition.name,
    region: definition.region,
    sources: planSources(definition, { views: features.views, label }),
    label,
    ...features,
    historyMicroseconds: definition.history,
    split: planSplit(definition.split),
    ...planLimits(definition),
    gates: definition.gates,
    selectBy: definition.train.selectBy,
    seed: definition.train.seed,
    trials: drawTrials(definition.train),
  };
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

/** Every source that is read, once: the label's first, then in the order of the features. */
function planSources({ label, features }: Definition, readers: Pick<Plan, 'views' | 'label'>): Plan['sources'] {
  const [first, ...others] = sourcesOf(label, features);
  return [
    planSource(must(first, 'the source of the label'), readers),
    ...others.map((source) => planSource(source, { views: readers.views, label: null })),
  ];
}

function planSource(source: AnySource, readers: Parameters<typeof lookbackOf>[1]): PlannedSource {
  return {
    name: source.name,
    kind: isTimeless(source) ? 'static' : 'events',
    columns: columnsOf(source),
    ingest: planIngest(source),
    lookbackMicroseconds: lookbackOf(source, readers),
  };
}

function columnsOf(source: AnySource): readonly ColumnSchema[] {
  return Object.entries(source.columns).map(([name, { type }]) => ({ name, type }));
}

function planIngest(source: AnySource): PlannedIngest {
  const { format, columns, checks } = source;
  return {
    format: { kind: 'csv', delimiter: format.delimiter, quote: format.quote },
    columns: Object.entries(columns).map(([name, column]) => readColumn(name, column)),
    ...identityOf(source),
    reasons: rowReasons(source),
    checks,
  };
}

function readColumn(name: string, { type, notFinite, clock }: Column): ReadColumn {
  const read = { name, type, notFinite: notFinite ?? null };
  return clock === undefined ? read : { ...read, clock: { zone: clock.zone, repeated: clock.repeated ?? null } };
}

/** When a row holds and what it is about. */
function identityOf(source: AnySource): Pick<PlannedIngest, 'eventTime' | 'knownTime' | 'key' | 'uniqueKey'> {
  if (isTimeless(source)) return { eventTime: null, knownTime: null, key: null, uniqueKey: source.key };
  const { eventTime, knownTime, key } = source;
  return { eventTime, knownTime: expressionOf(knownTime), key: key ?? null, uniqueKey: null };
}

function planSpot({ rounds, maxRuntime }: Training, { maxWait, segment }: Spot): Plan['training']['spot'] {
  const checkpointSeconds = Math.ceil((toSeconds(maxRuntime) * Math.min(segment.count, rounds)) / rounds);
  return { maxWaitSeconds: toSeconds(maxWait), checkpointSeconds };
}
