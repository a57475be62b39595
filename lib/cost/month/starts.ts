import type { Diagnostic } from '../../errors/diagnostic.ts';
import type { CostContext } from '../cost-context.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { pointersTo } from '../meters/lambda-function.ts';
import type { TemplateResource } from '../templates/template-set.ts';
import { stateMachinesOf } from './addressed.ts';
import { codeStartsOf } from './code-starts.ts';
import { functionsOfDeployments } from './deployed-functions.ts';
import { eventRulesOf, matchesOfExecution } from './event-rules.ts';
import { boundTarget } from './event-target.ts';
import type { Firing } from './firings.ts';
import { type Quantities, resourceQuantity } from './quantities.ts';
import { startPromisesOf } from './start-promise.ts';
import { type InvocationSource, unlimitedInvocations } from './unlimited-invocations.ts';

/** So many executions a month, and the property that says so. */
export interface MonthlyStarts {
  readonly machine: TemplateResource;
  readonly count: number;
  readonly at: string;
}

/** A function that is invoked as often as the user says, in a month. */
export interface MonthlyInvocations {
  readonly lambda: TemplateResource;
  readonly count: number;
  readonly at: string;
}

export interface StartsOfMonth {
  readonly starts: readonly MonthlyStarts[];
  readonly invocations: readonly MonthlyInvocations[];
  /** Functions whose word is taken for what they start. */
  readonly promising: readonly TemplateResource[];
  readonly diagnostics: readonly Diagnostic[];
}

/** How often each machine is started in a month, at most, and what starts that are not limited there are. */
export function startsOfMonth(firings: readonly Firing[], quantities: Quantities, context: CostContext): StartsOfMonth {
  const unlimited = unlimitedInvocations(context);
  const invocations = declaredInvocations(unlimited, quantities, context);
  const promised = promisedStarts(invocations, context);
  return {
    starts: [...scheduledStarts(firings, context), ...promised.starts, ...declaredStarts(quantities, context)],
    invocations,
    promising: promised.promising,
    diagnostics: [
      ...refuseInvocations(unlimited, quantities, context),
      ...promised.diagnostics,
      ...codeDiagnostics(quantities, inDeployments(firings, unlimited, context), context),
      ...ruleDiagnostics(quantities, context),
    ],
  };
}

/** Of the variants of a schedule, for each machine the one that starts it most. */
function scheduledStarts(firings: readonly Firing[], context: CostContext): readonly MonthlyStarts[] {
  const schedules = [...Map.groupBy(firings, ({ schedule }) => schedule.address).values()];
  return schedules.flatMap((variants) => {
    const starts = variants.map((variant) => startsOf(variant, context));
    const machines = new Set(starts.flat().map(({ machine }) => machine));
    return [...machines].flatMap((machine) => {
      const own = starts.map((variant) => variant.filter((start) => start.machine === machine));
      return own.reduce((most, other) => (totalOf(other) > totalOf(most) ? other : most), []);
    });
  });
}

const totalOf = (starts: readonly MonthlyStarts[]): number => starts.reduce((total, { count }) => total + count, 0);

/** What each tick starts itself, and by functions that say what they start. */
function startsOf({ targets, ticks, at }: Firing, context: CostContext): readonly MonthlyStarts[] {
  return targets.flatMap((target) => {
    if (target.kind === 'machine') return [{ machine: target.machine, count: ticks, at }];
    return target.kind === 'function'
      ? promisedBy({ lambda: target.function.resource, count: ticks, at }, context)
      : [];
  });
}

const promisedBy = ({ lambda, count, at }: MonthlyInvocations, context: CostContext): readonly MonthlyStarts[] =>
  startPromisesOf(lambda, context).promises.map(({ machine, executions }) => {
    return { machine, count: count * executions, at };
  });

function declaredStarts(quantities: Quantities, { templates }: CostContext): readonly MonthlyStarts[] {
  return stateMachinesOf(templates).flatMap((machine) => {
    const name = resourceQuantity('executions', machine, templates);
    const quantity = quantities[name];
    return quantity === undefined ? [] : [{ machine, count: wholeUnits(quantity), at: `quantities.${name}` }];
  });
}

/** A quantity that is refused elsewhere counts as none here. */
const wholeUnits = (quantity: number): number => (quantity >= 0 && quantity <= 1e15 ? Math.ceil(quantity) : 0);

function declaredInvocations(
  unlimited: readonly InvocationSource[],
  quantities: Quantities,
  { templates }: CostContext,
): readonly MonthlyInvocations[] {
  const functions = new Map(unlimited.map(({ lambda }) => [lambda.address, lambda]));
  return [...functions.values()].flatMap((lambda) => {
    const name = resourceQuantity('invocations', lambda, templates);
    const quantity = quantities[name];
    return quantity === undefined ? [] : [{ lambda, count: wholeUnits(quantity), at: `quantities.${name}` }];
  });
}

/** What the functions that say so start, beside schedules; and those functions. */
function promisedStarts(
  invocations: readonly MonthlyInvocations[],
  context: CostContext,
): Omit<StartsOfMonth, 'invocations'> {
  const read = context.templates.resources
    .filter(({ type }) => type === 'AWS::Lambda::Function')
    .map((lambda) => ({ lambda, ...startPromisesOf(lambda, context) }));
  const promising = read.filter(({ promises }) => promises.length > 0).map(({ lambda }) => lambda);
  const diagnostics = [...read.flatMap((each) => each.diagnostics), ...circularStarts(promising, context)];
  return { starts: invocations.flatMap((each) => promisedBy(each, context)), promising, diagnostics };
}

/** A function that starts executions must not hear of their ends, nor be a task of them. */
function circularStarts(promising: readonly TemplateResource[], context: CostContext): readonly Diagnostic[] {
  const machines = stateMachinesOf(context.templates);
  const heard = eventRulesOf(context)
    .filter((rule) => machines.some((machine) => matchesOfExecution(rule, machine, context.templates) > 0))
    .flatMap(({ targets }) => targets.filter((target) => target.kind === 'function'))
    .map((target) => ({ lambda: target.function.resource, at: target.at }));
  const tasks = promising.flatMap((lambda) => tasksCalling(lambda, context).map((at) => ({ lambda, at })));
  return [...heard, ...tasks]
    .filter(({ lambda }) => promising.includes(lambda))
    .map(({ lambda, at }) =>
      costDiagnostic('unbounded-starts', {
        at,
        message: `lets executions invoke ${lambda.address}, which starts executions`,
        fix: 'start executions by a task, arn:aws:states:::states:startExecution.sync:2, which is bounded',
      }),
    );
}

/** Paths of the machines whose definitions name a function: by a reference to it, to an alias or version, or by its name. */
function tasksCalling(lambda: TemplateResource, context: CostContext): readonly string[] {
  const { templates } = context;
  const pointers = pointersTo(lambda, context).map(({ address }) => address);
  const markers = [lambda.address, ...pointers].flatMap((address) => [`@{${address}}`, `@{${address}.`]);
  const names = templates
    .valuesOf(lambda.properties['FunctionName'], lambda.stack)
    .filter((name) => typeof name === 'string' && /^[\w-]{1,256}$/.test(name))
    // A value, the end of an ARN or a text in an expression, but not the name of a state.
    .map((name) => new RegExp(`["':]${String(name)}(?:["'](?!:)|[:\\\\])`));
  return stateMachinesOf(templates)
    .flatMap((machine) => templates.definitionsOf(machine).value ?? [])
    .filter(({ json }) => {
      const text = JSON.stringify(json) ?? '';
      return markers.some((marker) => text.includes(marker)) || names.some((name) => name.test(text));
    })
    .map(({ at }) => at);
}

/** One problem for each function, with all that invokes it. */
function refuseInvocations(
  unlimited: readonly InvocationSource[],
  quantities: Quantities,
  { templates }: CostContext,
): readonly Diagnostic[] {
  return [...Map.groupBy(unlimited, ({ lambda }) => lambda)].flatMap(([lambda, sources]) => {
    const name = resourceQuantity('invocations', lambda, templates);
    if (quantities[name] !== undefined) return [];
    const by = sources.map((source) => `${source.by} (${source.at})`).join(', ');
    const message = `nothing limits how often ${lambda.address} is invoked in a month: by ${by}`;
    const fix = `leave that out, or declare how often, retries included: --quantity ${name}=N`;
    return [costDiagnostic('unbounded-starts', { at: sources[0]?.at ?? lambda.address, message, fix })];
  });
}

/** Functions that nothing but deployments invokes. */
function inDeployments(
  firings: readonly Firing[],
  unlimited: readonly InvocationSource[],
  context: CostContext,
): ReadonlySet<TemplateResource> {
  const targets = [...firings, ...eventRulesOf(context)].flatMap((each) => each.targets);
  const invoked = new Set([
    ...targets.flatMap((target) => (target.kind === 'function' ? [target.function.resource] : [])),
    ...unlimited.map(({ lambda }) => lambda),
  ]);
  const deployed = [...functionsOfDeployments(context)];
  return new Set(deployed.filter((lambda) => !invoked.has(lambda) && tasksCalling(lambda, context).length === 0));
}

/** Code that may start executions and does not say how many. */
function codeDiagnostics(
  quantities: Quantities,
  exempt: ReadonlySet<TemplateResource>,
  context: CostContext,
): readonly Diagnostic[] {
  const { templates } = context;
  const starts = codeStartsOf(context).filter(({ starter }) => !exempt.has(starter));
  return starts.flatMap(({ starter, by, at, machines }) => {
    const names = machines.map((machine) => resourceQuantity('executions', machine, templates));
    const isPromised = startPromisesOf(starter, context).promises.length > 0;
    const isDeclared = names.length > 0 && names.every((name) => quantities[name] !== undefined);
    if (isPromised || isDeclared) return [];
    const what =
      machines.length === 0 ? 'machines outside of the templates' : machines.map((one) => one.address).join(', ');
    const declare = names.length === 0 ? 'leave the permission out' : `declare how many: --quantity ${names[0]}=N`;
    const metadata = 'set its Metadata to Hundredfold: { Starts: the machine, ExecutionsPerInvocation: a number }';
    const isFunction = starter.type === 'AWS::Lambda::Function';
    return [
      costDiagnostic('unbounded-starts', {
        at: isFunction ? `${starter.address}.Metadata.Hundredfold` : starter.address,
        message: `${by} may start executions of ${what}, by ${at}, and nothing says how many`,
        fix: isFunction ? `${metadata}, or ${declare}` : declare,
      }),
    ];
  });
}

/** Events that start machines, or what has no meter: how many come is not known. */
function ruleDiagnostics(quantities: Quantities, context: CostContext): readonly Diagnostic[] {
  return eventRulesOf(context).flatMap(({ rule, targets }) =>
    targets.flatMap((target) => {
      if (target.kind === 'other') return boundTarget(target, context).diagnostics;
      if (target.kind !== 'machine') return [];
      const name = resourceQuantity('executions', target.machine, context.templates);
      if (quantities[name] !== undefined) return [];
      const message = `nothing limits how often events start ${target.machine.address} in a month`;
      const fix = `start it by a schedule, or declare how often: --quantity ${name}=N`;
      return [costDiagnostic('unbounded-starts', { at: `${rule.address}.Properties.EventPattern`, message, fix })];
    }),
  );
}
