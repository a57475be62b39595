import type { Expression } from '../../contracts/expression.ts';
import type {
  AggregateKind,
  FeatureAggregate,
  FeatureViewProgram,
  TrainingSetProgram,
} from '../../contracts/job-program.ts';
import { columnsRead } from '../../definition/expression-parts.ts';
import { expressionText } from '../../definition/expression-text.ts';
import { reachOf } from '../../definition/window.ts';
import { conditionOf, selectedAs } from '../events-statement.ts';
import { type DayReach, dayReach } from './day-reach.ts';
import { type ExpectedPasses, expectedPasses } from './expected-passes.ts';
import { intervalText } from './interval-text.ts';
import { kernelShape } from './kernel-shape.ts';

/** A feature of a view: which rows it is of, and how it is computed of them. */
export interface ViewFeature {
  readonly kind: 'view';
  readonly name: string;
  readonly view: string;
  readonly version: string;
  readonly source: string;
  readonly entity: FeatureViewProgram['entity'];
  /** Name of the aggregate, and what it computes. */
  readonly aggregate: string;
  readonly function: AggregateKind;
  /** Which rows the view takes of its source, in DuckDB's SQL. */
  readonly where: string;
  /** Which rows count at label time t. */
  readonly interval: string;
  /** What is aggregated, in DuckDB's SQL, with the feature's own filter; null: every row counts as one. */
  readonly operand: string | null;
  /** Digits after the point that a sum of doubles keeps. */
  readonly scale: number;
  readonly default: number | null;
  readonly shape: string;
  readonly reach: DayReach;
}

/** A feature that the label's own row carries. */
export interface RowFeature {
  readonly kind: 'label-row';
  readonly name: string;
  readonly source: string;
}

export interface DerivedFeature {
  readonly kind: 'derived';
  readonly name: string;
  readonly expression: string;
  /** Features that it is made of. */
  readonly of: readonly string[];
}

export type ExplainedFeature = ViewFeature | RowFeature | DerivedFeature;

export interface FeatureExplanation {
  readonly pipeline: string;
  /** In the order of the set. */
  readonly features: readonly ExplainedFeature[];
  readonly passes: ExpectedPasses;
}

/** What a training-set program computes, feature by feature, and what it takes to. */
export function explainFeatures(program: TrainingSetProgram): FeatureExplanation {
  const [labels] = program.sources;
  const explained: readonly ExplainedFeature[] = [
    ...program.views.flatMap(explainView),
    ...program.labelFeatures.map((name): RowFeature => ({ kind: 'label-row', name, source: labels?.name ?? '' })),
    ...program.derived.map(explainDerived),
  ];
  const byName = new Map(explained.map((feature) => [feature.name, feature]));
  return {
    pipeline: program.pipeline,
    features: program.features.flatMap((name) => byName.get(name) ?? []),
    passes: expectedPasses(program),
  };
}

function explainView(view: FeatureViewProgram): readonly ViewFeature[] {
  return view.aggregates.flatMap((aggregate) =>
    aggregate.columns.map(({ name, window: index }): ViewFeature => {
      const window = index === null ? null : (view.windows[index] ?? null);
      return {
        kind: 'view',
        name,
        view: view.name,
        version: view.version,
        source: view.source,
        entity: view.entity,
        aggregate: aggregate.name,
        function: aggregate.kind,
        where: conditionOf(view.events.duckdb),
        interval: intervalText(view, window),
        operand: operandText(view, aggregate),
        scale: aggregate.scale,
        default: aggregate.default,
        shape: kernelShape(aggregate.kind, view),
        reach: dayReach(view, window === null ? view.ttl : reachOf(window)),
      };
    }),
  );
}

const operandText = ({ events }: FeatureViewProgram, { value }: FeatureAggregate): string | null =>
  value === null ? null : selectedAs(events.duckdb, value);

const explainDerived = ({ name, expression }: { readonly name: string; readonly expression: Expression }) =>
  ({ kind: 'derived', name, expression: expressionText(expression), of: [...columnsRead(expression)] }) as const;
