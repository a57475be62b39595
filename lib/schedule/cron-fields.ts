import { UserError } from '../errors/user-error.ts';

/** When a schedule ticks, on the clocks of its zone; each list ascending. */
export interface CronFields {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** Null: every day, as far as the days of the week allow. */
  readonly daysOfMonth: readonly number[] | null;
  readonly months: readonly number[];
  /** 0 is Sunday; null: every day, as far as the days of the month allow. */
  readonly daysOfWeek: readonly number[] | null;
}

export const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
export const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/**
 * Reads the five fields of a crontab: minute, hour, day of month, month, day of week (0 and 7 are Sunday).
 *
 * @throws UserError invalid-cron
 */
export function readCrontab(fields: string): CronFields {
  const parts = fields.trim().split(/\s+/);
  const [minute, hour, day, month, weekday] = parts;
  if (minute === undefined || hour === undefined || day === undefined || month === undefined || weekday === undefined) {
    throw invalidCron(fields, 'has fewer than five fields');
  }
  if (parts.length > 5) throw invalidCron(fields, 'has more than five fields');
  const weekdays = readField(fields, { text: weekday, min: 0, max: 7, names: WEEKDAYS, firstName: 0 });
  return requireOneDayField(fields, {
    minutes: readField(fields, { text: minute, min: 0, max: 59 }),
    hours: readField(fields, { text: hour, min: 0, max: 23 }),
    daysOfMonth: isOpen(day) ? null : readField(fields, { text: day, min: 1, max: 31 }),
    months: readField(fields, { text: month, min: 1, max: 12, names: MONTHS, firstName: 1 }),
    daysOfWeek: isOpen(weekday) ? null : ascending(weekdays.map((number) => number % 7)),
  });
}

/**
 * Reads an expression of EventBridge Scheduler: `cron(minute hour day-of-month month day-of-week year)`, where Sunday
 * is 1 and the year must be open.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html (2026-11-20).
 *
 * @throws UserError invalid-cron
 */
export function readSchedulerExpression(expression: string): CronFields {
  const [minute, hour, day, month, weekday, year] = /^cron\((.*)\)$/.exec(expression)?.[1]?.trim().split(/\s+/) ?? [];
  if (minute === undefined || hour === undefined || day === undefined || month === undefined || weekday === undefined) {
    throw invalidCron(expression, 'is not cron(minute hour day month weekday year)');
  }
  if (year !== '*') throw invalidCron(expression, 'names a year');
  const weekdays = readField(expression, { text: weekday, min: 1, max: 7, names: WEEKDAYS, firstName: 1 });
  return requireOneDayField(expression, {
    minutes: readField(expression, { text: minute, min: 0, max: 59 }),
    hours: readField(expression, { text: hour, min: 0, max: 23 }),
    daysOfMonth: isOpen(day) ? null : readField(expression, { text: day, min: 1, max: 31 }),
    months: readField(expression, { text: month, min: 1, max: 12, names: MONTHS, firstName: 1 }),
    daysOfWeek: isOpen(weekday) ? null : weekdays.map((number) => number - 1),
  });
}

/** Crontab and EventBridge disagree on what two restricted day fields mean, so both cannot be given. */
function requireOneDayField(expression: string, fields: CronFields): CronFields {
  if (fields.daysOfMonth !== null && fields.daysOfWeek !== null) {
    throw invalidCron(expression, 'restricts both the day of the month and the day of the week');
  }
  return fields;
}

const isOpen = (text: string): boolean => text === '*' || text === '?';

interface Field {
  readonly text: string;
  /** Both inclusive. */
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  /** Number of the first name. */
  readonly firstName?: number;
}

/** Numbers, names, ranges `a-b`, steps and lists; `*` and `?` are everything. */
function readField(expression: string, field: Field): readonly number[] {
  return ascending(field.text.split(',').flatMap((item) => readItem(expression, item, field)));
}

function readItem(expression: string, item: string, field: Field): readonly number[] {
  const [range = '', stepText] = item.split('/');
  const step = stepText === undefined ? 1 : Number(stepText);
  const [from, to] = isOpen(range) ? [field.min, field.max] : readRange(range, field, stepText !== undefined);
  const isValid = Number.isInteger(step) && step >= 1 && from >= field.min && to <= field.max && from <= to;
  if (!isValid)
    throw invalidCron(expression, `has ${JSON.stringify(item)} where ${field.min} to ${field.max} is allowed`);
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

function readRange(range: string, field: Field, isOpenEnded: boolean): readonly [number, number] {
  const [first = '', last] = range.split('-');
  const from = readNumber(first, field);
  if (last !== undefined) return [from, readNumber(last, field)];
  return [from, isOpenEnded ? field.max : from];
}

function readNumber(text: string, { names = [], firstName = 0 }: Field): number {
  const named = names.indexOf(text.toUpperCase());
  if (named >= 0) return named + firstName;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

const ascending = (numbers: readonly number[]): readonly number[] => [...new Set(numbers)].sort((a, b) => a - b);

function invalidCron(expression: string, problem: string): UserError {
  return new UserError({
    code: 'invalid-cron',
    message: `cron ${JSON.stringify(expression)} ${problem}`,
    resolution: 'give minute, hour, day of month, month and day of week, for example "0 4 * * *"',
  });
}
