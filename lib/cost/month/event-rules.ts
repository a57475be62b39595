import type { CostContext } from '../cost-context.ts';
import { isObject, type JsonObject, objectIn } from '../json-object.ts';
import type { TemplateResource, TemplateSet } from '../templates/template-set.ts';
import { isUnresolved } from '../unresolved.ts';
import { machineAt } from './addressed.ts';
import { couldMatch, matchesOnly } from './event-pattern.ts';
import { type EventTarget, eventTargetsOf } from './event-target.ts';

/** A rule with an event pattern, in one variant. */
export interface EventRule {
  readonly rule: TemplateResource;
  /** What it matches; an empty pattern where it is not known. */
  readonly pattern: JsonObject;
  readonly isDefaultBus: boolean;
  readonly targets: readonly EventTarget[];
}

const RULE_PROPERTIES = ['EventPattern', 'EventBusName', 'State', 'Targets'];

/** Every rule that listens to events, once for each variant; disabled ones match nothing. */
export function eventRulesOf(context: CostContext): readonly EventRule[] {
  const { templates } = context;
  return templates.resources
    .filter(({ type }) => type === 'AWS::Events::Rule')
    .flatMap((rule) =>
      templates
        .variantsOf(rule, RULE_PROPERTIES)
        .filter(({ EventPattern, State }) => EventPattern !== undefined && State !== 'DISABLED')
        .map((variant) => eventRule(rule, variant, context)),
    );
}

function eventRule(rule: TemplateResource, variant: JsonObject, context: CostContext): EventRule {
  const { EventPattern, EventBusName, Targets = [] } = variant;
  const bus = typeof EventBusName === 'string' ? EventBusName : 'default';
  const targets: readonly unknown[] = Array.isArray(Targets) ? Targets : [Targets];
  return {
    rule,
    pattern: isObject(EventPattern) && !isUnresolved(EventPattern) ? EventPattern : {},
    isDefaultBus: bus === 'default' || bus.endsWith('event-bus/default'),
    targets: targets.flatMap((target, index) =>
      eventTargetsOf(target, `${rule.address}.Properties.Targets[${index}]`, context),
    ),
  };
}

const STATUS_CHANGE = 'Step Functions Execution Status Change';

/**
 * Whether a rule listens to the status of executions only: how often follows from the executions. Calls of the API,
 * which CloudTrail reports, and runs of distributed Maps are events of the same source.
 */
export const isExecutionRule = ({ pattern, isDefaultBus }: EventRule): boolean =>
  isDefaultBus &&
  matchesOnly(pattern['source'], ['aws.states']) &&
  matchesOnly(pattern['detail-type'], [STATUS_CHANGE]);

/** An execution enters `RUNNING` once, and one of the others once: redrives are refused elsewhere. */
const ENDS = ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];

/**
 * How many status changes of one execution of the machine a rule can match: 0 to 2.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html (2026-11-20).
 */
export function matchesOfExecution(
  { pattern, isDefaultBus }: EventRule,
  machine: TemplateResource,
  templates: TemplateSet,
): number {
  const detail = objectIn(pattern, 'detail');
  const couldBeMachine =
    isDefaultBus &&
    couldMatch(pattern['source'], 'aws.states') &&
    couldMatch(pattern['detail-type'], STATUS_CHANGE) &&
    couldBeOf(detail['stateMachineArn'], machine, templates);
  if (!couldBeMachine) return 0;
  const starts = couldMatch(detail['status'], 'RUNNING') ? 1 : 0;
  return starts + (ENDS.some((status) => couldMatch(detail['status'], status)) ? 1 : 0);
}

/** False only where every ARN of the filter is that of another machine of the templates. */
function couldBeOf(filter: unknown, machine: TemplateResource, templates: TemplateSet): boolean {
  if (!Array.isArray(filter)) return true;
  return filter.some((arn: unknown) => {
    const named = machineAt(arn, templates);
    return named === undefined || named.address === machine.address;
  });
}

/** Whether a rule hears the executions of the templates' machines and of no other. */
export function isOfKnownMachines({ pattern }: EventRule, templates: TemplateSet): boolean {
  const filter = objectIn(pattern, 'detail')['stateMachineArn'];
  return Array.isArray(filter) && filter.every((arn: unknown) => machineAt(arn, templates) !== undefined);
}
