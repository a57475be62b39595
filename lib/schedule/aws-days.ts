import { readAwsField, readAwsNumber } from './aws-field.ts';
import { WEEKDAYS } from './cron-fields.ts';

/** A day of the proleptic Gregorian calendar. */
export interface CalendarDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/** Which days a cron expression of EventBridge names. */
export type DayRule = (day: CalendarDay) => boolean;

const DAY = 86_400_000;
const SUNDAY_TO_SATURDAY = { min: 1, max: 7, names: WEEKDAYS };
const DAYS_OF_MONTH = { min: 1, max: 31 };

/**
 * The rule of the fields day-of-month and day-of-week: one of them is `?`. `L` is the last day of the month, or
 * Saturday; `15W` the weekday nearest to the 15th, inside the month; `6L` the last Friday, `3#2` the second Tuesday. A
 * text says why there is none.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html (2026-11-20).
 */
export function readDayRule(dayOfMonth: string, dayOfWeek: string): DayRule | string {
  const isOfMonthOpen = isOpen(dayOfMonth);
  if (!isOfMonthOpen && !isOpen(dayOfWeek)) return 'restricts both the day of the month and the day of the week';
  const [text, readOne] = isOfMonthOpen ? [dayOfWeek, readDayOfWeek] : [dayOfMonth, readDayOfMonth];
  if (isOpen(text)) return () => true;
  const rules = text.split(',').map(readOne);
  const known = rules.filter((rule) => rule !== undefined);
  if (known.length < rules.length) return `has ${JSON.stringify(text)} in place of days`;
  return (day) => known.some((rule) => rule(day));
}

const isOpen = (text: string): boolean => text === '*' || text === '?';

function readDayOfMonth(item: string): DayRule | undefined {
  if (item === 'L') return (day) => day.day === daysIn(day);
  if (item === 'LW' || item === 'WL') return (day) => day.day === nearestWeekday(daysIn(day), day);
  const weekdayOf = /^(\d+)W$/.exec(item)?.[1];
  if (weekdayOf === undefined) return listRule(readAwsField(item, DAYS_OF_MONTH), ({ day }) => day);
  const target = readAwsNumber(weekdayOf, DAYS_OF_MONTH);
  return target === undefined ? undefined : (day) => target <= daysIn(day) && day.day === nearestWeekday(target, day);
}

function readDayOfWeek(item: string): DayRule | undefined {
  if (item === 'L') return (day) => weekdayOf(day) === 7;
  const [, name = '', instance] = /^(\w+)#([1-5])$/.exec(item) ?? /^(\w+)L$/.exec(item) ?? [];
  if (name === '') return listRule(readAwsField(item, SUNDAY_TO_SATURDAY), weekdayOf);
  const weekday = readAwsNumber(name, SUNDAY_TO_SATURDAY);
  if (weekday === undefined) return undefined;
  return (day) =>
    weekdayOf(day) === weekday &&
    (instance === undefined ? day.day + 7 > daysIn(day) : Math.ceil(day.day / 7) === Number(instance));
}

function listRule(numbers: readonly number[] | undefined, numberOf: (day: CalendarDay) => number): DayRule | undefined {
  return numbers === undefined ? undefined : (day) => numbers.includes(numberOf(day));
}

const daysIn = ({ year, month }: CalendarDay): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** 1 is Sunday. */
const weekdayOf = ({ year, month, day }: CalendarDay): number =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;

/** The weekday nearest to a day of the month, never in another month. */
function nearestWeekday(target: number, { year, month }: CalendarDay): number {
  const length = daysIn({ year, month, day: target });
  const weekday = weekdayOf({ year, month, day: target });
  if (weekday === 7) return target === 1 ? 3 : target - 1;
  if (weekday === 1) return target === length ? target - 2 : target + 1;
  return target;
}

/** The day that begins at a moment, UTC midnight in milliseconds. */
export function calendarDayOf(midnight: number): CalendarDay {
  const date = new Date(Math.floor(midnight / DAY) * DAY);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
