import { UserError } from '../errors/user-error.ts';

const DAY_NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const;

/** A step over `*` begins at the field's first value, which EventBridge wants written. */
const stepped = (field: string, first: number): string => field.replace(/^\*\//, `${first}/`);

/** Crontab counts days from Sunday as 0 (or 7), EventBridge has names for them. */
const dayNames = (field: string): string =>
  field.replace(/(?<![/\d])[0-7](?!\d)/g, (day) => DAY_NAMES[Number(day)] ?? day);

/**
 * A crontab's five fields as EventBridge Scheduler's six: minutes, hours, day of month, month, day of week, year.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html (2026-11-20).
 * @throws UserError unsupported-schedule: both kinds of day restricted, which EventBridge does not know
 */
export function scheduleExpression(cron: string): string {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = cron.trim().split(/\s+/);
  if (dayOfMonth !== '*' && dayOfWeek !== '*') {
    throw new UserError({
      code: 'unsupported-schedule',
      message: `schedule == ${cron}, restricts both the day of the month and the day of the week`,
      resolution: 'leave one of the two as *, and make a second pipeline for the other',
    });
  }
  const [monthDay, weekDay] =
    dayOfWeek === '*' ? [stepped(dayOfMonth, 1), '?'] : ['?', stepped(dayNames(dayOfWeek), 1)];
  return `cron(${stepped(minute, 0)} ${stepped(hour, 0)} ${monthDay} ${stepped(month, 1)} ${weekDay} *)`;
}
