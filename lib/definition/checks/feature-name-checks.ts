import { featureColumns, windowsOf } from '../feature-columns.ts';
import type { FeatureView } from '../feature-view.ts';
import { joinKeyOf } from '../join-keys.ts';
import type { Definition } from '../pipeline.ts';
import { checkAggregate } from './aggregate-checks.ts';
import { type Problems, problem } from './problem.ts';
import { checkDistinct } from './quantity-checks.ts';
import { RESERVED_COLUMNS } from './source-checks.ts';
import { aggregateAt } from './view-checks.ts';

/** A feature's name and where it comes from. */
export interface FeatureName {
  readonly at: string;
  readonly value: string;
}

/** Names of the features that a view gives, those of its sound aggregates. */
export function viewFeatureNames(view: FeatureView): readonly FeatureName[] {
  const windows = windowsOf(view.windows);
  return view.aggregates.flatMap((aggregate) => {
    const at = aggregateAt(view, aggregate);
    if (checkAggregate(at, aggregate, view).length > 0) return [];
    const names = new Set(featureColumns(view.name, aggregate, windows).map(({ name }) => name));
    return [...names].map((value) => ({ at, value }));
  });
}

/** Names of one table: features, the columns that name entities, and those that jobs add. */
export function checkFeatureNames(definition: Definition, names: readonly FeatureName[]): Problems {
  const taken = new Set([...entityColumns(definition), ...RESERVED_COLUMNS]);
  return [
    ...checkDistinct(names),
    ...names
      .filter(({ value }) => taken.has(value))
      .flatMap(({ at, value }) =>
        problem(at, {
          code: 'reserved-name',
          message: `the name ${value} is one of an entity column or of a column that the jobs add`,
          fix: `give the feature another name, such as label_${value}`,
        }),
      ),
  ];
}

function entityColumns({ features, split }: Definition): readonly string[] {
  const views = features.filter((part) => part?.kind === 'feature-view');
  return [
    ...views.flatMap((view) => view.entity.map((column) => joinKeyOf(view, column))),
    ...(split?.kind === 'by-entity' && Array.isArray(split.entity) ? split.entity : []),
  ];
}
