import type { CostContext } from '../cost-context.ts';
import type { TemplateResource } from '../templates/template-set.ts';
import type { Bounded } from '../tree/bounded.ts';

type ResourceBound = (resource: TemplateResource, context: CostContext) => Bounded;

/** A bound that depends on a resource alone, found once for each context: ten thousand tasks may use the same one. */
export function remembered(bound: ResourceBound): ResourceBound {
  const contexts = new WeakMap<CostContext, Map<string, Bounded>>();
  return (resource, context) => {
    const bounds = contexts.get(context) ?? new Map<string, Bounded>();
    contexts.set(context, bounds);
    const known = bounds.get(resource.address);
    if (known !== undefined) return known;
    const found = bound(resource, context);
    bounds.set(resource.address, found);
    return found;
  };
}
