import type { Expression } from '../contracts/expression.ts';
import type { DerivedFeatures } from '../definition/derived.ts';
import { derivedOrder } from '../definition/derived-order.ts';
import { featureColumns, windowsOf } from '../definition/feature-columns.ts';
import type { FeatureView, ViewAggregate } from '../definition/feature-view.ts';
import type { Formula } from '../definition/formula.ts';
import { joinKeyOf } from '../definition/join-keys.ts';
import type { LabelFeatures } from '../definition/label.ts';
import type { Definition } from '../definition/pipeline.ts';
import { Fault } from '../errors/fault.ts';
import type { Plan, PlannedAggregate, PlannedView } from './plan.ts';

/** Views, features of the label's row and derived features, each kind in the order of the definition. */
export function planFeatures({ features }: Definition): Pick<Plan, 'views' | 'labelFeatures' | 'derived'> {
  return {
    views: features.filter((part) => part.kind === 'feature-view').map(planView),
    labelFeatures: features.filter((part) => part.kind === 'label-features').flatMap(planLabelFeatures),
    derived: planDerived(features.filter((part) => part.kind === 'derived-features')),
  };
}

/** A formula's expression, once the checks have passed it. */
export function expressionOf(formula: Formula): Expression {
  if (formula.kind === 'formula') return formula.expression;
  throw new Fault(`a formula that failed passed the checks: ${formula.problem}`);
}

const expressionOrNull = (formula: Formula | undefined): Expression | null =>
  formula === undefined ? null : expressionOf(formula);

function planView(view: FeatureView): PlannedView {
  const { name, source, entity, where, ttl, aggregates } = view;
  const windows = windowsOf(view.windows);
  return {
    name,
    source: source.name,
    entity: entity.map((event) => ({ event, label: joinKeyOf(view, event) })),
    where: expressionOrNull(where),
    windows,
    ttlMicroseconds: ttl ?? null,
    aggregates: aggregates.map((aggregate) => ({
      ...planAggregate(aggregate),
      columns: featureColumns(name, aggregate, windows),
    })),
  };
}

function planAggregate(aggregate: ViewAggregate): Omit<PlannedAggregate, 'columns'> {
  const { name, kind, operand, where, scale, quantile, default: fallback } = aggregate;
  return {
    name,
    kind,
    operand: operand === null ? null : expressionOf(operand),
    where: expressionOrNull(where),
    scale: scale ?? null,
    quantile: quantile === undefined ? null : String(quantile),
    default: fallback ?? null,
  };
}

function planLabelFeatures({ features }: LabelFeatures): Plan['labelFeatures'] {
  return features.map(({ name, value }) => ({ name, value: expressionOf(value) }));
}

/** Names in the order of the definition; expressions in an order in which they can be computed. */
function planDerived(parts: readonly DerivedFeatures[]): Plan['derived'] {
  const features = parts.flatMap((part) => part.features);
  return {
    names: features.map(({ name }) => name),
    steps: derivedOrder(features).order.map(({ name, value }) => ({ name, expression: expressionOf(value) })),
  };
}
