/** What a user writes: `import { source, pipeline, … } from 'hundredfold'`. */

export type { Expression } from '../contracts/expression.ts';
export {
  type Aggregate,
  type AggregateOptions,
  count,
  countDistinct,
  first,
  last,
  lastN,
  latest,
  max,
  mean,
  min,
  quantile,
  type ScaledOptions,
  share,
  sum,
  variance,
} from './aggregate.ts';
export { type CaseOperand, type CaseValue, caseWhen } from './case-when.ts';
export {
  boolean,
  type Column,
  type ColumnMap,
  type ColumnName,
  type ColumnValues,
  double,
  integer,
  localTimestamp,
  type PlaceClock,
  text,
  timestamp,
} from './column.ts';
export { type CronSchedule, cron } from './cron.ts';
export { csv } from './csv-format.ts';
export { type DerivedFeatures, derived, type Features } from './derived.ts';
export { type FeatureView, type FeatureViewOptions, featureView } from './feature-view.ts';
export { exceedsBaseRate, noWorseThanChampion } from './gate.ts';
export { withJoinKeys } from './join-keys.ts';
export { fromLabel, type Label, type LabelFeatures, type LabelOptions, label } from './label.ts';
export { days, hours, minutes, seconds, usd } from './length.ts';
export { type Rounds, rounds, type Spot, spot, type Training, type XgboostOptions, xgboost } from './model.ts';
export {
  type Definition,
  type EvaluationLimits,
  type FeaturePart,
  type GlueLimits,
  type PipelineOptions,
  pipeline,
} from './pipeline.ts';
export { type QualityCheck, quarantined, rowCount } from './quality-check.ts';
export { between, complete, matches, oneOf, type RowRule } from './row-rule.ts';
export { choice, type Domain, integers, logUniform, uniform } from './search-space.ts';
export {
  type AnySource,
  day,
  type Entity,
  type EventSource,
  type Source,
  type SourceOptions,
  source,
} from './source.ts';
export { byEntity, byTime, type EntitySplit, type Split, type TimeSplit } from './split.ts';
export { sql } from './sql.ts';
export { type AnyStaticTable, type StaticTable, type StaticTableOptions, staticTable } from './static-table.ts';
export type {
  BooleanValue,
  DurationValue,
  NumericValue,
  TextValue,
  TimestampValue,
  Value,
} from './value.ts';
export { type Window, type WindowOptions, type WrittenWindow, window } from './window.ts';
