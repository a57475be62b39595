import type { CostContext } from '../cost-context.ts';
import { functionsNamed } from '../meters/lambda-function.ts';
import type { TemplateResource } from '../templates/template-set.ts';
import { eventRulesOf, isExecutionRule } from './event-rules.ts';

/** What can invoke a function as often as it likes. */
export interface InvocationSource {
  readonly lambda: TemplateResource;
  /** The property that lets it. */
  readonly at: string;
  /** For people: `an event source mapping`. */
  readonly by: string;
}

/** Resource types that hand events to a function, with the property that names it. */
const SOURCES: Readonly<Record<string, { readonly property: string; readonly by: string }>> = {
  'AWS::Lambda::EventSourceMapping': { property: 'FunctionName', by: 'an event source mapping' },
  'AWS::Lambda::Url': { property: 'TargetFunctionArn', by: 'a function URL' },
  'AWS::SNS::Subscription': { property: 'Endpoint', by: 'a subscription to a topic' },
  'AWS::Logs::SubscriptionFilter': { property: 'DestinationArn', by: 'a subscription to a log group' },
};

/** Everything in the templates that invokes functions without a limit that they set. */
export function unlimitedInvocations(context: CostContext): readonly InvocationSource[] {
  const { resources } = context.templates;
  return [
    ...resources.flatMap((resource) => mappedInvocations(resource, context)),
    ...resources.flatMap((resource) => permittedInvocations(resource, context)),
    ...ruleInvocations(context),
  ];
}

function mappedInvocations(resource: TemplateResource, context: CostContext): readonly InvocationSource[] {
  const source = SOURCES[resource.type];
  if (source === undefined) return [];
  return context.templates.valuesOf(resource.properties[source.property], resource.stack).flatMap((value) => {
    const at = `${resource.address}.Properties.${source.property}`;
    return functionsNamed(value, context).map((lambda) => ({ lambda, at, by: source.by }));
  });
}

/** Services that invoke by a permission of the function, other than rules and schedules, which are counted. */
function permittedInvocations(resource: TemplateResource, context: CostContext): readonly InvocationSource[] {
  const { templates } = context;
  if (resource.type !== 'AWS::Lambda::Permission') return [];
  const variants = templates.variantsOf(resource, ['FunctionName', 'Principal', 'SourceArn']);
  return variants.flatMap(({ FunctionName, Principal, SourceArn }) => {
    const isCounted =
      Principal === 'scheduler.amazonaws.com' ||
      (Principal === 'events.amazonaws.com' && isKnown(SourceArn, templates));
    if (isCounted) return [];
    const at = `${resource.address}.Properties.Principal`;
    return functionsNamed(FunctionName, context).map((lambda) => ({ lambda, at, by: String(Principal) }));
  });
}

const isKnown = (source: unknown, templates: CostContext['templates']): boolean =>
  typeof source === 'string' && templates.find(/^@\{([^}.]+)/.exec(source)?.[1] ?? '')?.type === 'AWS::Events::Rule';

function ruleInvocations(context: CostContext): readonly InvocationSource[] {
  return eventRulesOf(context)
    .filter((rule) => !isExecutionRule(rule))
    .flatMap(({ rule, targets }) =>
      targets.flatMap((target) =>
        target.kind === 'function'
          ? [{ lambda: target.function.resource, at: `${rule.address}.Properties.EventPattern`, by: 'events' }]
          : [],
      ),
    );
}
