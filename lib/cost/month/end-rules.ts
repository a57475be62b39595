import type { CostContext } from '../cost-context.ts';
import type { TemplateResource } from '../templates/template-set.ts';
import { type Bounded, dearestBounded, sumBounded } from '../tree/bounded.ts';
import { times } from '../tree/cost-node.ts';
import { type EventRule, eventRulesOf, matchesOfExecution } from './event-rules.ts';
import { boundTarget } from './event-target.ts';

/**
 * The most that the status changes of one execution of the machine can cost by the rules that hear them: each target
 * once for every status that the rule matches. Executions that a rule starts are counted by the month.
 */
export function boundEndRules(machine: TemplateResource, context: CostContext): Bounded {
  const rules = Map.groupBy(eventRulesOf(context), ({ rule }) => rule.address);
  const parts = [...rules.values()].flatMap((variants) => {
    const [first, ...others] = variants.flatMap((variant) => heardBy(variant, machine, context));
    return first === undefined ? [] : [dearestBounded(first, ...others)];
  });
  return sumBounded('what the status changes of an execution start', machine.address, parts);
}

function heardBy(rule: EventRule, machine: TemplateResource, context: CostContext): readonly Bounded[] {
  const matches = matchesOfExecution(rule, machine, context.templates);
  if (matches === 0) return [];
  // A target without a meter is refused once, by the month.
  const parts = rule.targets.filter(({ kind }) => kind !== 'other').map((target) => boundTarget(target, context));
  const { node, diagnostics } = sumBounded('one status change', rule.rule.address, parts);
  const label = `${rule.rule.logicalId}: ${matches} of the status changes of an execution`;
  return [{ node: times(label, `${rule.rule.address}.Properties.EventPattern`, matches, node), diagnostics }];
}
