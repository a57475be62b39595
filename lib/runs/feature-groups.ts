import type { FeatureSchema } from '../contracts/manifest.ts';
import type { FeatureGroup } from '../contracts/model.ts';

/** A set's features by what gives them: each view, the label's own row, expressions over others; in order of first use. */
export function featureGroups(features: readonly FeatureSchema[]): readonly FeatureGroup[] {
  const groups = Map.groupBy(features, (feature) => JSON.stringify(ownerOf(feature)));
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    return first === undefined ? [] : [{ ...ownerOf(first), features: members.map(({ name }) => name) }];
  });
}

function ownerOf({ view, derived }: FeatureSchema): Pick<FeatureGroup, 'kind' | 'name'> {
  if (view !== undefined && view !== null) return { kind: 'view', name: view };
  return derived === undefined ? { kind: 'label', name: 'label' } : { kind: 'derived', name: 'derived' };
}
