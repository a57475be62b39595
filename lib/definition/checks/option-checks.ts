import type { FeatureView, ViewAggregate } from '../feature-view.ts';
import type { Spot, Training } from '../model.ts';
import type { Definition, EvaluationLimits, GlueLimits } from '../pipeline.ts';
import type { EventSource } from '../source.ts';
import type { EntitySplit, TimeSplit } from '../split.ts';
import type { AnyStaticTable } from '../static-table.ts';
import type { Window } from '../window.ts';
import { NO_PROBLEMS, type Problems, problem } from './problem.ts';

/** Every option of a part, by name; those that a function of the definition adds are no options. */
type Options<Part> = Readonly<Record<keyof Part, 'option' | 'added'>>;

const PIPELINE: Options<Definition> = {
  kind: 'added',
  name: 'added',
  label: 'option',
  features: 'option',
  history: 'option',
  split: 'option',
  train: 'option',
  gates: 'option',
  schedule: 'option',
  glue: 'option',
  evaluate: 'option',
  triesPerJob: 'option',
  bounds: 'option',
  region: 'option',
};
const SOURCE: Options<EventSource> = {
  kind: 'added',
  name: 'added',
  format: 'option',
  columns: 'option',
  eventTime: 'option',
  knownTime: 'option',
  partition: 'option',
  key: 'option',
  rows: 'option',
  checks: 'option',
};
const STATIC_TABLE: Options<AnyStaticTable> = {
  kind: 'added',
  name: 'added',
  format: 'option',
  columns: 'option',
  key: 'option',
  rows: 'option',
  checks: 'option',
};
const VIEW: Options<FeatureView> = {
  kind: 'added',
  name: 'added',
  source: 'added',
  entity: 'option',
  joinKeys: 'added',
  windows: 'option',
  ttl: 'option',
  where: 'option',
  aggregates: 'option',
};
const AGGREGATE: Options<ViewAggregate> = {
  name: 'added',
  kind: 'added',
  operand: 'added',
  positions: 'added',
  quantile: 'added',
  where: 'option',
  default: 'option',
  scale: 'option',
  over: 'option',
};
const WINDOW: Options<Window> = { kind: 'added', length: 'added', hop: 'option', start: 'option', end: 'option' };
const TIME_SPLIT: Options<TimeSplit> = {
  kind: 'added',
  train: 'option',
  validation: 'option',
  test: 'option',
  embargo: 'option',
};
const ENTITY_SPLIT: Options<EntitySplit> = {
  kind: 'added',
  entity: 'option',
  train: 'option',
  validation: 'option',
  test: 'option',
};
const TRAINING: Options<Training> = {
  kind: 'added',
  objective: 'option',
  rounds: 'option',
  trials: 'option',
  search: 'option',
  parameters: 'option',
  seed: 'option',
  selectBy: 'option',
  instance: 'option',
  maxRuntime: 'option',
  spot: 'option',
  concurrency: 'option',
  volumeGb: 'option',
};
const SPOT: Options<Spot> = { maxWait: 'option', segment: 'option' };
const GLUE: Options<GlueLimits> = { workerType: 'option', workers: 'option', timeout: 'option' };
const EVALUATION: Options<EvaluationLimits> = { instance: 'option', maxRuntime: 'option', volumeGb: 'option' };
const BOUNDS: Options<Definition['bounds']> = { run: 'option', month: 'option' };

/** Options that nothing reads, most likely misspelt: Node strips types, so a pipeline may run that was never compiled. */
export function checkOptions(definition: Definition): Problems {
  const { split, train, glue, evaluate, bounds } = definition;
  return [
    ...unknownOptions('', definition, PIPELINE),
    ...unknownOptions('split.', split, split?.kind === 'by-entity' ? ENTITY_SPLIT : TIME_SPLIT),
    ...unknownOptions('train.', train, TRAINING),
    ...unknownOptions('train.spot.', train?.spot, SPOT),
    ...unknownOptions('glue.', glue, GLUE),
    ...unknownOptions('evaluate.', evaluate, EVALUATION),
    ...unknownOptions('bounds.', bounds, BOUNDS),
  ];
}

export const checkSourceOptions = (at: string, source: EventSource): Problems =>
  unknownOptions(`${at}.`, source, SOURCE);

export const checkStaticTableOptions = (at: string, table: AnyStaticTable): Problems =>
  unknownOptions(`${at}.`, table, STATIC_TABLE);

export const checkViewOptions = (at: string, view: FeatureView): Problems => unknownOptions(`${at}.`, view, VIEW);

export const checkAggregateOptions = (at: string, aggregate: ViewAggregate): Problems =>
  unknownOptions(`${at}.`, aggregate, AGGREGATE);

export const checkWindowOptions = (at: string, window: Window): Problems => unknownOptions(`${at}.`, window, WINDOW);

/** A part that is missing or no object is reported where it is read. */
function unknownOptions(at: string, part: unknown, known: Readonly<Record<string, 'option' | 'added'>>): Problems {
  if (typeof part !== 'object' || part === null) return NO_PROBLEMS;
  const options = Object.keys(known).filter((name) => known[name] === 'option');
  return Object.keys(part)
    .filter((name) => !Object.hasOwn(known, name))
    .flatMap((name) =>
      problem(`${at}${name}`, {
        code: 'unknown-option',
        message: `there is no option ${name}`,
        fix: `use one of ${options.join(', ')}, or remove it`,
      }),
    );
}
