import type { NamedAssumption } from '../assessment.ts';
import type { CostContext } from '../cost-context.ts';
import type { TemplateResource } from '../templates/template-set.ts';
import { stateMachinesOf } from './addressed.ts';
import { functionsOfForeignRoles } from './code-starts.ts';
import { eventRulesOf, isExecutionRule, isOfKnownMachines } from './event-rules.ts';
import { resourceQuantity } from './quantities.ts';
import { billingOf } from './resource-types.ts';
import { startPromisesOf } from './start-promise.ts';

/** What the month was computed from. */
export interface MonthFacts {
  readonly context: CostContext;
  /** Functions whose word is taken for what they start. */
  readonly promising: readonly TemplateResource[];
  /** Whether a schedule starts anything. */
  readonly hasSchedules: boolean;
}

/** What the month rests on and the templates cannot show, as far as these templates do. */
export function monthAssumptions(facts: MonthFacts): readonly NamedAssumption[] {
  const { context, promising, hasSchedules } = facts;
  const { templates } = context;
  const has = (...types: readonly string[]): boolean => templates.resources.some(({ type }) => types.includes(type));
  const machines = stateMachinesOf(templates);
  return [
    ...(machines.length > 0 ? [noRedrive, manualStarts(machines, context), noForeignJobs] : []),
    ...(hasSchedules ? [oneStartPerTick] : []),
    ...promising.map((lambda) => declaredStarts(lambda, context)),
    ...(has('AWS::Lambda::Function') ? [noForeignInvocations] : []),
    ...foreignRoles(context),
    ...foreignExecutions(context),
    ...(templates.resources.some(({ type }) => billingOf(type) === 'deployment') ? [deployments] : []),
    ...(has('AWS::Glue::Trigger', 'AWS::Glue::Crawler', 'AWS::Glue::Workflow', 'AWS::SageMaker::Pipeline')
      ? [nothingByHand]
      : []),
  ];
}

const noRedrive: NamedAssumption = {
  name: 'no-redrive',
  statement: 'no execution is redriven: a redrive spends again, outside of every bound',
  resolution: 'deny states:RedriveExecution to everybody: hundredfold guardrails prints the statement',
};

const noForeignJobs: NamedAssumption = {
  name: 'no-foreign-jobs',
  statement:
    'neither people nor the code of functions and jobs start jobs, or what else is billed, beside the machines',
  resolution: 'deny the starts to everybody but the machines: hundredfold guardrails prints the statement',
};

function manualStarts(machines: readonly TemplateResource[], { templates }: CostContext): NamedAssumption {
  const names = machines.map((machine) => resourceQuantity('executions', machine, templates));
  return {
    name: 'manual-starts',
    statement: 'executions that people start beside the schedules are not part of the month: each adds one run',
    resolution: `declare how many with --quantity ${names.join('=N or ')}=N, or deny states:StartExecution to people`,
  };
}

const oneStartPerTick: NamedAssumption = {
  name: 'one-start-per-tick',
  statement: 'each tick of a schedule is delivered once, and counts in the month of the tick',
  resolution: 'name executions by their scheduled time: Step Functions refuses a name that it has seen',
};

function declaredStarts(lambda: TemplateResource, context: CostContext): NamedAssumption {
  const promises = startPromisesOf(lambda, context).promises.map(({ machine, executions }) => {
    return `${executions} executions of ${machine.address}`;
  });
  return {
    name: 'declared-starts',
    statement: `${lambda.address} starts at most ${promises.join(' or ')} for each event, its tries included`,
    resolution: 'name the executions by what is in the event, so that another try starts none',
  };
}

const noForeignInvocations: NamedAssumption = {
  name: 'no-foreign-invocations',
  statement: 'nothing invokes functions but what these templates set up: no people, nothing outside, no code of others',
  resolution: 'deny lambda:InvokeFunction to everybody but the roles of the templates',
};

function foreignRoles(context: CostContext): readonly NamedAssumption[] {
  const functions = functionsOfForeignRoles(context);
  if (functions.length === 0) return [];
  const addresses = functions.map(({ address }) => address).join(', ');
  return [
    {
      name: 'foreign-roles',
      statement: `roles outside of the templates do not let functions start or redrive executions: ${addresses}`,
      resolution: 'put the roles into the templates',
    },
  ];
}

/** Rules that hear of executions of other machines too. */
function foreignExecutions(context: CostContext): readonly NamedAssumption[] {
  const rules = eventRulesOf(context).filter((rule) => {
    return isExecutionRule(rule) && !isOfKnownMachines(rule, context.templates);
  });
  const addresses = [...new Set(rules.map(({ rule }) => rule.address))];
  return addresses.map((address) => ({
    name: 'no-foreign-executions',
    statement: `${address} hears of the executions of the templates' machines only`,
    resolution: 'name the machines in its pattern: detail.stateMachineArn',
  }));
}

const deployments: NamedAssumption = {
  name: 'deployments',
  statement: 'what a deployment itself runs, its custom resources, is not part of the month',
  resolution: 'deploy as often as you like to pay for it: an invocation of a function for each custom resource',
};

const nothingByHand: NamedAssumption = {
  name: 'nothing-by-hand',
  statement: 'nobody starts crawlers, triggers, workflows or pipelines that nothing in the templates starts',
  resolution: 'leave them out, or deny their starts',
};
