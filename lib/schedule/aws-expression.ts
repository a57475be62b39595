import { type DayRule, readDayRule } from './aws-days.ts';
import { readAwsField } from './aws-field.ts';
import { MONTHS } from './cron-fields.ts';

/** A cron expression of EventBridge, on the clocks of some zone; each list ascending. */
export interface AwsCron {
  readonly kind: 'cron';
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: DayRule;
  readonly months: readonly number[];
  /** Null: every year. */
  readonly years: readonly number[] | null;
}

/** Every so many minutes of real time, whatever the clocks do. */
export interface AwsRate {
  readonly kind: 'rate';
  readonly minutes: number;
}

/** One moment, once. */
export interface AwsOnce {
  readonly kind: 'once';
}

export interface UnreadableExpression {
  readonly kind: 'unreadable';
  /** Completes "the expression …". */
  readonly problem: string;
}

export type AwsExpression = AwsCron | AwsRate | AwsOnce;

const MINUTES_PER_UNIT: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1_440 };

/**
 * Reads a schedule expression of EventBridge Scheduler or of a scheduled rule: `rate(…)`, `cron(…)` with six fields, `at(…)`.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html (2026-11-20).
 */
export function readAwsExpression(expression: string): AwsExpression | UnreadableExpression {
  const [, form, content = ''] = /^\s*(rate|cron|at)\(([^()]*)\)\s*$/.exec(expression) ?? [];
  switch (form) {
    case 'rate':
      return readRate(content);
    case 'cron':
      return readCron(content.trim().split(/\s+/));
    case 'at':
      return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(content.trim())
        ? { kind: 'once' }
        : unreadable('is not at(yyyy-mm-ddThh:mm:ss)');
    default:
      return unreadable('is neither rate(…), cron(…) nor at(…)');
  }
}

function readRate(content: string): AwsRate | UnreadableExpression {
  const [, value = '', unit = ''] = /^\s*(\d+)\s+(minute|hour|day)s?\s*$/.exec(content) ?? [];
  const minutes = Number(value) * (MINUTES_PER_UNIT[unit] ?? 0);
  return Number.isSafeInteger(minutes) && minutes > 0
    ? { kind: 'rate', minutes }
    : unreadable('is not rate(value minutes|hours|days)');
}

function readCron(fields: readonly string[]): AwsCron | UnreadableExpression {
  if (fields.length !== 6) return unreadable(`has ${fields.length} fields, not six`);
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields;
  const days = readDayRule(dayOfMonth, dayOfWeek);
  if (typeof days === 'string') return unreadable(days);
  const minutes = readAwsField(minute, { min: 0, max: 59 });
  const hours = readAwsField(hour, { min: 0, max: 23 });
  const months = readAwsField(month, { min: 1, max: 12, names: MONTHS });
  const years = year === '*' ? null : readAwsField(year, { min: 1970, max: 2199 });
  if (minutes === undefined) return misplaced(minute, 'minutes');
  if (hours === undefined) return misplaced(hour, 'hours');
  if (months === undefined) return misplaced(month, 'months');
  if (years === undefined) return misplaced(year, 'years');
  return { kind: 'cron', minutes, hours, days, months, years };
}

const misplaced = (text: string, name: string): UnreadableExpression =>
  unreadable(`has ${JSON.stringify(text)} in place of ${name}`);

const unreadable = (problem: string): UnreadableExpression => ({ kind: 'unreadable', problem });
