import type { AggregateKind } from '../contracts/job-program.ts';
import type { Duration } from '../units/duration.ts';
import type { Aggregate, LatestAggregate } from './aggregate.ts';
import type { ColumnMap, ColumnName, ColumnValues } from './column.ts';
import { evaluate, type Formula } from './formula.ts';
import type { AnySource, SourceOf } from './source.ts';
import type { BooleanValue } from './value.ts';
import type { WrittenWindow } from './window.ts';

/** Rows of a static table have no times: no windows, no ttl, nothing but latest values. */
export interface FeatureViewOptions<C extends ColumnMap, E extends string, Kind extends AnySource['kind'] = 'source'> {
  /** Columns that say whose feature it is; of a static table its key. */
  readonly entity: readonly E[];
  /** Lengths of the windows `(t - length, t]` that end at label time t, or `window(…)`; for everything but `latest`. */
  readonly windows?: Kind extends 'source' ? readonly WrittenWindow[] : never;
  /** How long a `latest` value stays valid after its event time; without one it never ends. */
  readonly ttl?: Kind extends 'source' ? Duration : never;
  /** Events that do not satisfy it take no part. */
  readonly where?: (columns: ColumnValues<NoInfer<C>>) => BooleanValue;
  readonly aggregates: Readonly<
    Record<string, Kind extends 'source' ? Aggregate<NoInfer<C>> : LatestAggregate<NoInfer<C>>>
  >;
}

/** One aggregate of a view: its name, what it computes and of what; `count` is of nothing. */
export interface ViewAggregate {
  readonly name: string;
  readonly kind: AggregateKind;
  readonly operand: Formula | null;
  /** Of `lastN`. */
  readonly positions: number | undefined;
  /** Of `quantile`. */
  readonly quantile: number | undefined;
  readonly where: Formula | undefined;
  readonly default: number | undefined;
  readonly scale: number | undefined;
  readonly over: readonly WrittenWindow[] | undefined;
}

/** Aggregates of one source's events per entity, each as it was known at the label's time. */
export interface FeatureView<E extends string = string> {
  readonly kind: 'feature-view';
  readonly name: string;
  readonly source: AnySource;
  readonly entity: readonly E[];
  /** Of a column of the entity, the label's column that it equals; that of the same name where it has none. */
  readonly joinKeys: Readonly<Record<string, string>>;
  readonly windows: readonly WrittenWindow[];
  readonly ttl: Duration | undefined;
  readonly where: Formula | undefined;
  readonly aggregates: readonly ViewAggregate[];
}

export function featureView<
  C extends ColumnMap,
  const E extends ColumnName<NoInfer<C>, 'text' | 'integer'>,
  const Kind extends AnySource['kind'],
>(
  name: string,
  source: SourceOf<C> & { readonly kind: Kind },
  options: FeatureViewOptions<C, E, NoInfer<Kind>>,
): FeatureView<E> {
  const { entity, windows = [], ttl, where, aggregates } = options;
  const entries: [string, Aggregate<C>][] = Object.entries(aggregates);
  return {
    ...options,
    kind: 'feature-view',
    name,
    source,
    entity,
    joinKeys: {},
    windows,
    ttl,
    where: where === undefined ? undefined : evaluate(source.columns, where),
    aggregates: entries.map(([aggregateName, aggregate]) => viewAggregate(source.columns, aggregateName, aggregate)),
  };
}

function viewAggregate<C extends ColumnMap>(columns: C, name: string, aggregate: Aggregate<C>): ViewAggregate {
  const { kind, options = {} } = aggregate;
  const { where, default: fallback, scale, over } = options;
  return {
    ...options,
    name,
    kind,
    operand: kind === 'count' ? null : evaluate(columns, aggregate.operand),
    positions: kind === 'last-n' ? aggregate.positions : undefined,
    quantile: kind === 'quantile' ? aggregate.quantile : undefined,
    where: where === undefined ? undefined : evaluate(columns, where),
    default: fallback,
    scale,
    over,
  };
}
