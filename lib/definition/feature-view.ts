import type { AggregateKind } from '../contracts/job-program.ts';
import type { Duration } from '../units/duration.ts';
import type { Aggregate } from './aggregate.ts';
import type { ColumnMap, ColumnName, ColumnValues } from './column.ts';
import { evaluate, type Formula } from './formula.ts';
import type { AnySource, Source } from './source.ts';
import type { BooleanValue } from './value.ts';

export interface FeatureViewOptions<C extends ColumnMap> {
  /** Columns that say whose feature it is. */
  readonly entity: readonly NoInfer<ColumnName<C, 'text' | 'integer'>>[];
  /** Lengths of the windows `(t - length, t]` that end at label time t; for everything but `latest`. */
  readonly windows?: readonly Duration[];
  /** How long a `latest` value stays valid after its event time; without one it never ends. */
  readonly ttl?: Duration;
  /** Events that do not satisfy it take no part. */
  readonly where?: (columns: ColumnValues<NoInfer<C>>) => BooleanValue;
  readonly aggregates: Readonly<Record<string, Aggregate<NoInfer<C>>>>;
}

/** One aggregate of a view: its name, what it computes and of what; `count` is of nothing. */
export interface ViewAggregate {
  readonly name: string;
  readonly kind: AggregateKind;
  readonly operand: Formula | null;
}

/** Aggregates of one source's events per entity, each as it was known at the label's time. */
export interface FeatureView {
  readonly kind: 'feature-view';
  readonly name: string;
  readonly source: AnySource;
  readonly entity: readonly string[];
  readonly windows: readonly Duration[];
  readonly ttl: Duration | undefined;
  readonly where: Formula | undefined;
  readonly aggregates: readonly ViewAggregate[];
}

export function featureView<C extends ColumnMap>(
  name: string,
  source: Source<C>,
  options: FeatureViewOptions<C>,
): FeatureView {
  const { entity, windows = [], ttl, where, aggregates } = options;
  const entries: [string, Aggregate<C>][] = Object.entries(aggregates);
  return {
    ...options,
    kind: 'feature-view',
    name,
    source,
    entity,
    windows,
    ttl,
    where: where === undefined ? undefined : evaluate(source.columns, where),
    aggregates: entries.map(([aggregateName, aggregate]) => ({
      name: aggregateName,
      kind: aggregate.kind,
      operand: aggregate.kind === 'count' ? null : evaluate(source.columns, aggregate.operand),
    })),
  };
}
