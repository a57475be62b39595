import type { CostContext } from '../cost-context.ts';
import { functionsNamed } from '../meters/lambda-function.ts';
import type { TemplateResource } from '../templates/template-set.ts';
import { billingOf } from './resource-types.ts';

/** Functions that CloudFormation invokes for custom resources: what they start is part of a deployment. */
export function functionsOfDeployments(context: CostContext): ReadonlySet<TemplateResource> {
  const { resources, valuesOf } = context.templates;
  const custom = resources.filter(({ type }) => billingOf(type) === 'deployment');
  const tokens = custom.flatMap(({ properties, stack }) => valuesOf(properties['ServiceToken'], stack));
  return new Set([...new Set(tokens)].flatMap((token) => functionsNamed(token, context)));
}
