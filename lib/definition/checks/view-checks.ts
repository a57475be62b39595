import type { FeatureView } from '../feature-view.ts';
import type { Label } from '../label.ts';
import { isTimeless } from '../static-view.ts';
import { checkAggregate } from './aggregate-checks.ts';
import { checkEntity } from './entity-checks.ts';
import { checkFormula } from './formula-checks.ts';
import { checkViewOptions } from './option-checks.ts';
import { NO_PROBLEMS, type Problems, unless } from './problem.ts';
import { checkIdentifier } from './quantity-checks.ts';
import { checkReach } from './reach-checks.ts';
import { checkStaticView } from './static-view-checks.ts';
import { checkTtl, checkWindows } from './window-checks.ts';

/** Everything about a view, on its own and beside the label. */
export function checkView(view: FeatureView, label: Label | undefined): Problems {
  const at = `features.${view.name}`;
  const { columns } = view.source;
  return [
    ...checkIdentifier(at, view.name),
    ...checkViewOptions(at, view),
    ...checkEntity(at, view, label),
    ...(isTimeless(view.source) ? checkStaticView(at, view) : [...checkWindows(at, view), ...checkTtl(at, view)]),
    ...(view.where === undefined
      ? NO_PROBLEMS
      : checkFormula(`${at}.where`, view.where, { columns, types: ['boolean'] })),
    ...unless(view.aggregates.length > 0, `${at}.aggregates`, {
      code: 'missing',
      message: 'the view has no aggregates',
      fix: 'add one, such as flights: count()',
    }),
    ...view.aggregates.flatMap((aggregate) => checkAggregate(aggregateAt(view, aggregate), aggregate, view)),
    ...checkReach(at, view, label),
  ];
}

/** Where an aggregate is in a definition. */
export const aggregateAt = ({ name: view }: FeatureView, { name }: { readonly name: string }): string =>
  `features.${view}.aggregates.${name}`;
