import type { Diagnostic } from '../../errors/diagnostic.ts';
import { readAwsExpression } from '../../schedule/aws-expression.ts';
import { mostTicksInMonth } from '../../schedule/month-ticks.ts';
import { isZone } from '../../schedule/zone.ts';
import type { CostContext } from '../cost-context.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import type { JsonObject } from '../json-object.ts';
import { type Limit, readLimit } from '../meters/limit.ts';
import { notKnown, type Setting, settingIn } from '../meters/setting.ts';
import type { TemplateResource } from '../templates/template-set.ts';
import { type EventTarget, eventTargetsOf } from './event-target.ts';

/** What a schedule does in a month, in one of its variants. */
export interface Firing {
  readonly schedule: TemplateResource;
  /** The property that sets how often. */
  readonly at: string;
  /** Ticks in a calendar month (UTC), at most. */
  readonly ticks: number;
  /** Where each tick goes to, and what could not be delivered. */
  readonly targets: readonly EventTarget[];
  /** Retries of a delivery that EventBridge Scheduler bills; null of a rule, whose deliveries are free. */
  readonly deliveryRetries: Limit | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html (2026-11-20). */
const DELIVERY_RETRIES = { expected: 'a literal number of retries', least: 0, most: 185, standard: 185 };

const SCHEDULE_PROPERTIES = [
  'ScheduleExpression',
  'ScheduleExpressionTimezone',
  'FlexibleTimeWindow',
  'State',
  'Target',
];

/** What every schedule and every scheduled rule of the templates does in a month; one that is disabled does nothing. */
export function firingsOf(context: CostContext): readonly Firing[] {
  const { templates } = context;
  return templates.resources.flatMap((resource) => {
    switch (resource.type) {
      case 'AWS::Scheduler::Schedule':
        return templates
          .variantsOf(resource, SCHEDULE_PROPERTIES)
          .filter(isEnabled)
          .map((variant) => scheduleFiring(resource, variant, context));
      case 'AWS::Events::Rule':
        return templates
          .variantsOf(resource, ['ScheduleExpression', 'State', 'Targets'])
          .filter(isEnabled)
          .flatMap((variant) => ruleFirings(resource, variant, context));
      default:
        return [];
    }
  });
}

/** What is not known may be enabled. */
const isEnabled = ({ State }: JsonObject): boolean => State !== 'DISABLED';

function scheduleFiring(schedule: TemplateResource, variant: JsonObject, context: CostContext): Firing {
  const properties: Setting = { value: variant, at: `${schedule.address}.Properties`, source: 'template' };
  const target = settingIn(properties, 'Target');
  const retry = settingIn(settingIn(target, 'RetryPolicy'), 'MaximumRetryAttempts');
  return {
    schedule,
    ...ticksOf(properties),
    targets: eventTargetsOf(target.value, target.at, context),
    deliveryRetries: readLimit(retry, DELIVERY_RETRIES),
  };
}

function ruleFirings(rule: TemplateResource, variant: JsonObject, context: CostContext): readonly Firing[] {
  if (variant['ScheduleExpression'] === undefined) return [];
  const properties: Setting = { value: variant, at: `${rule.address}.Properties`, source: 'template' };
  const { value: targets = [], at } = settingIn(properties, 'Targets');
  const list: readonly unknown[] = Array.isArray(targets) ? targets : [targets];
  return [
    {
      schedule: rule,
      ...ticksOf(properties),
      targets: list.flatMap((target, index) => eventTargetsOf(target, `${at}[${index}]`, context)),
      deliveryRetries: null,
    },
  ];
}

interface Ticks {
  readonly ticks: number;
  readonly at: string;
  readonly diagnostics: readonly Diagnostic[];
}

function ticksOf(properties: Setting): Ticks {
  const expression = settingIn(properties, 'ScheduleExpression');
  const { at } = expression;
  const unknown = notKnown(expression, 'give a literal expression');
  if (unknown !== undefined) return { ticks: 0, at, diagnostics: [unknown] };
  const read = readAwsExpression(String(expression.value));
  const window = windowOf(settingIn(properties, 'FlexibleTimeWindow'));
  const zone = zoneOf(settingIn(properties, 'ScheduleExpressionTimezone'));
  const diagnostics = [...window.diagnostics, ...zone.diagnostics];
  if (read.kind === 'unreadable') {
    const message = `the expression ${JSON.stringify(expression.value)} ${read.problem}`;
    const fix = 'give rate(…), cron(…) with six fields, or at(…)';
    return { ticks: 0, at, diagnostics: [costDiagnostic('malformed-template', { at, message, fix }), ...diagnostics] };
  }
  return { ticks: mostTicksInMonth(read, { zone: zone.name, minutes: window.value }), at, diagnostics };
}

/** Minutes after a tick within which its target is invoked. */
function windowOf(window: Setting): Pick<Limit, 'value' | 'diagnostics'> {
  if (settingIn(window, 'Mode').value !== 'FLEXIBLE') return { value: 0, diagnostics: [] };
  const range = { expected: 'a literal number of minutes', most: 1_440 };
  return readLimit(settingIn(window, 'MaximumWindowInMinutes'), range);
}

function zoneOf(setting: Setting): { readonly name: string; readonly diagnostics: readonly Diagnostic[] } {
  const { value = 'UTC', at } = setting;
  const fix = 'give a name of the IANA time zone database, for example America/New_York';
  const unknown = notKnown(setting, fix);
  if (unknown !== undefined) return { name: 'UTC', diagnostics: [unknown] };
  if (typeof value === 'string' && isZone(value)) return { name: value, diagnostics: [] };
  const message = `${JSON.stringify(value)} is no time zone`;
  return { name: 'UTC', diagnostics: [costDiagnostic('malformed-template', { at, message, fix })] };
}
