import type { FeatureView } from '../feature-view.ts';
import type { Definition, FeaturePart } from '../pipeline.ts';
import { checkDerived } from './derived-checks.ts';
import { checkFeatureNames, type FeatureName, viewFeatureNames } from './feature-name-checks.ts';
import { checkLabelFeatures } from './label-checks.ts';
import { type Problems, unless } from './problem.ts';
import { checkDistinct } from './quantity-checks.ts';
import { checkView } from './view-checks.ts';

const KINDS: readonly unknown[] = [
  'feature-view',
  'label-features',
  'derived-features',
] satisfies readonly FeaturePart['kind'][];

/** All features of a pipeline, on their own and beside each other. */
export function checkFeatures(definition: Definition): Problems {
  const { features, label } = definition;
  const views = features.filter((part) => part?.kind === 'feature-view');
  const carried = features.filter((part) => part?.kind === 'label-features');
  const derived = features.filter((part) => part?.kind === 'derived-features');
  const computed = [...distinctViews(views).flatMap(viewFeatureNames), ...namesOf('fromLabel', carried)];
  return [
    ...unless(features.length > 0, 'features', {
      code: 'missing',
      message: 'the pipeline has no features',
      fix: 'add a featureView or fromLabel',
    }),
    ...features.flatMap((part, index) =>
      unless(KINDS.includes(part?.kind), `features[${index}]`, {
        code: 'not-allowed',
        message: 'this is no feature view, no features of the label and no derived features',
        fix: 'use featureView(…), fromLabel(…) or derived(…)',
      }),
    ),
    ...views.flatMap((view) => checkView(view, label)),
    ...checkDistinct(views.map(({ name }) => ({ at: `features.${name}`, value: name }))),
    ...carried.flatMap((part) => checkLabelFeatures(part, label)),
    ...checkDerived(
      derived,
      computed.map(({ value }) => value),
    ),
    ...checkFeatureNames(definition, [...computed, ...namesOf('derived', derived)]),
  ];
}

/** The first of each name: the features of another would only repeat that its name is taken. */
const distinctViews = (views: readonly FeatureView[]): readonly FeatureView[] =>
  [...new Map(views.toReversed().map((view) => [view.name, view])).values()].toReversed();

interface NamedFeatures {
  readonly features: readonly { readonly name: string }[];
}

const namesOf = (kind: string, parts: readonly NamedFeatures[]): readonly FeatureName[] =>
  parts.flatMap(({ features }) => features.map(({ name }) => ({ at: `features.${kind}.${name}`, value: name })));
