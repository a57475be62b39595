import type { Diagnostic } from '../../errors/diagnostic.ts';
import type { DeclaredMeter, NamedAssumption } from '../assessment.ts';
import type { CostContext } from '../cost-context.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { boundInvocation } from '../meters/invocation.ts';
import { requestLeaf } from '../meters/request-leaf.ts';
import type { TemplateResource } from '../templates/template-set.ts';
import { type Bounded, dearestBounded, sumBounded } from '../tree/bounded.ts';
import { times } from '../tree/cost-node.ts';
import { stateMachinesOf } from './addressed.ts';
import { monthAssumptions } from './assumptions.ts';
import { declaredMeters } from './declared-meters.ts';
import { boundTarget } from './event-target.ts';
import { type Firing, firingsOf } from './firings.ts';
import { type Quantities, quantityDiagnostics, resourceQuantity } from './quantities.ts';
import { redriveDiagnostics } from './redrive.ts';
import { boundStanding } from './standing-charges.ts';
import { type MonthlyInvocations, type MonthlyStarts, startsOfMonth } from './starts.ts';
import { unlimitedInvocations } from './unlimited-invocations.ts';

/** One execution of a machine, with what its end starts. */
export interface MachineRun {
  /** `stack/LogicalId` */
  readonly machine: string;
  readonly run: Bounded;
}

export interface MonthRequest {
  /** Every state machine of the templates. */
  readonly machines: readonly MachineRun[];
  readonly quantities: Quantities;
  readonly context: CostContext;
}

export interface MonthBound {
  /** One calendar month (UTC). */
  readonly month: Bounded;
  /** The most executions of each machine, by its address. */
  readonly startsPerMonth: ReadonlyMap<string, number>;
  readonly assumptions: readonly NamedAssumption[];
  readonly declared: readonly DeclaredMeter[];
}

/**
 * The most that a calendar month can cost: executions that schedules and declared events start, deliveries and what
 * they invoke, what stands for a month, and what was declared with a quantity.
 */
export function boundMonth({ machines, quantities, context }: MonthRequest): MonthBound {
  const firings = firingsOf(context);
  const month = startsOfMonth(firings, quantities, context);
  const declared = declaredMeters(quantities, context);
  const parts = [
    ...machines.flatMap((each) => boundExecutions(each, month.starts)),
    ...unboundMachines(month.starts, machines),
    ...bySchedule(firings).map((variants) => boundSchedule(variants, context)),
    ...month.invocations.map((invocations) => boundInvocations(invocations, context)),
    boundStanding(context),
    declared.bounded,
  ];
  const shown = parts.filter(({ node, diagnostics }) => node.usd > 0n || diagnostics.length > 0);
  const { node, diagnostics } = sumBounded('one month', 'templates', shown);
  const own = [
    ...month.diagnostics,
    ...redriveDiagnostics(context),
    ...quantityDiagnostics(quantities, namesOf(declared.meters, context)),
  ];
  return {
    month: { node, diagnostics: [...diagnostics, ...own] },
    startsPerMonth: new Map(machines.map(({ machine }) => [machine, countOf(machine, month.starts)])),
    assumptions: monthAssumptions({ context, promising: month.promising, hasSchedules: firings.length > 0 }),
    declared: declared.meters,
  };
}

/** All that a quantity can be given for. */
function namesOf(meters: readonly DeclaredMeter[], context: CostContext): ReadonlySet<string> {
  const { templates } = context;
  return new Set([
    ...meters.map(({ name }) => name),
    ...stateMachinesOf(templates).map((machine) => resourceQuantity('executions', machine, templates)),
    ...unlimitedInvocations(context).map(({ lambda }) => resourceQuantity('invocations', lambda, templates)),
  ]);
}

const countOf = (machine: string, starts: readonly MonthlyStarts[]): number =>
  starts.filter((start) => start.machine.address === machine).reduce((total, { count }) => total + count, 0);

function boundExecutions({ machine, run }: MachineRun, starts: readonly MonthlyStarts[]): readonly Bounded[] {
  const own = starts.filter((start) => start.machine.address === machine && start.count > 0);
  return own.map(({ count, at }, index) => ({
    node: times(`${count} executions of ${machine}`, at, count, run.node),
    diagnostics: index === 0 ? run.diagnostics : [],
  }));
}

/** A machine that is started and whose run nobody bounded. */
function unboundMachines(starts: readonly MonthlyStarts[], machines: readonly MachineRun[]): readonly Bounded[] {
  const known = new Set(machines.map(({ machine }) => machine));
  const unknown = new Map(starts.filter((one) => !known.has(one.machine.address)).map((one) => [one.machine, one.at]));
  return [...unknown].map(([machine, at]) => sumWith(at, unboundRun(machine)));
}

const unboundRun = ({ address }: TemplateResource): Diagnostic =>
  costDiagnostic('malformed-definition', {
    at: address,
    message: 'is started, and its run has no bound',
    fix: 'correct its definition',
  });

const sumWith = (at: string, diagnostic: Diagnostic): Bounded => ({
  ...sumBounded('executions', at, []),
  diagnostics: [diagnostic],
});

const bySchedule = (firings: readonly Firing[]): readonly (readonly Firing[])[] => [
  ...Map.groupBy(firings, ({ schedule }) => schedule.address).values(),
];

/** The dearest variant of a schedule: its deliveries and what they invoke, without the executions that they start. */
function boundSchedule([first, ...others]: readonly Firing[], context: CostContext): Bounded {
  if (first === undefined) return sumBounded('schedule', 'templates', []);
  return dearestBounded(boundFiring(first, context), ...others.map((other) => boundFiring(other, context)));
}

function boundFiring(firing: Firing, context: CostContext): Bounded {
  const { schedule, at, ticks, targets, diagnostics } = firing;
  const events = targets.map((target) => boundTarget(target, context));
  const { node, diagnostics: found } = sumBounded(`${schedule.logicalId}: one tick`, at, [
    ...boundDelivery(firing, context),
    ...events,
  ]);
  return {
    node: times(`${schedule.logicalId}: ${ticks} ticks`, at, ticks, node),
    diagnostics: [...diagnostics, ...found],
  };
}

/** EventBridge Scheduler bills every try of a delivery, a rule none. Source: https://aws.amazon.com/eventbridge/pricing (2026-11-20). */
function boundDelivery({ schedule, deliveryRetries }: Firing, { book }: CostContext): readonly Bounded[] {
  if (deliveryRetries === null) return [];
  const { value, at, diagnostics } = deliveryRetries;
  const bound = requestLeaf(
    {
      label: 'delivery and its retries',
      at: schedule.address,
      item: 'eventbridge.scheduler.invocation',
      factors: [{ name: 'MaximumRetryAttempts and one', at, quantity: BigInt(value + 1) }],
    },
    book,
  );
  return [{ node: bound.node, diagnostics: [...diagnostics, ...bound.diagnostics] }];
}

function boundInvocations({ lambda, count, at }: MonthlyInvocations, context: CostContext): Bounded {
  const { node, diagnostics } = boundInvocation(lambda, context);
  return { node: times(`${lambda.logicalId}: ${count} declared invocations`, at, count, node), diagnostics };
}
