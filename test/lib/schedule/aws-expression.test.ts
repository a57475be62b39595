import { describe, expect, test } from 'vitest';
import { calendarDayOf } from '../../../lib/schedule/aws-days.ts';
import { readAwsExpression } from '../../../lib/schedule/aws-expression.ts';

const DAY = 86_400_000;

/** Days of a year, `MM-DD`, that an expression with these day fields names. */
function daysOf(dayOfMonth: string, dayOfWeek: string, year: number): readonly string[] {
  const cron = readAwsExpression(`cron(0 0 ${dayOfMonth} * ${dayOfWeek} *)`);
  if (cron.kind !== 'cron') throw new Error(JSON.stringify(cron));
  const midnights = Array.from({ length: 366 }, (_, day) => Date.UTC(year, 0, 1) + day * DAY);
  return midnights
    .filter((midnight) => new Date(midnight).getUTCFullYear() === year && cron.days(calendarDayOf(midnight)))
    .map((midnight) => new Date(midnight).toISOString().slice(5, 10));
}

describe('fields', () => {
  test('numbers, names, steps and ranges that pass midnight', () => {
    expect(readAwsExpression('cron(1/20 20-2 ? jan-MAR,12 * 2019-2022/2)')).toMatchObject({
      minutes: [1, 21, 41],
      hours: [0, 1, 2, 20, 21, 22, 23],
      months: [1, 2, 3, 12],
      years: [2019, 2021],
    });
  });

  test('a rate is a number of minutes', () => {
    expect(readAwsExpression('rate(5 minutes)')).toEqual({ kind: 'rate', minutes: 5 });
    expect(readAwsExpression('rate(1 hour)')).toEqual({ kind: 'rate', minutes: 60 });
    expect(readAwsExpression('rate(7 days)')).toEqual({ kind: 'rate', minutes: 10_080 });
  });

  test('a moment happens once', () => {
    expect(readAwsExpression('at(2027-01-01T00:00:00)')).toEqual({ kind: 'once' });
  });

  test.each([
    ['', 'neither'],
    ['cron(0 4 * * ?)', '5 fields'],
    ['cron(0 4 * * ? * *)', '7 fields'],
    ['cron(60 4 * * ? *)', '"60" in place of minutes'],
    ['cron(0 24 * * ? *)', '"24" in place of hours'],
    ['cron(0 4 32 * ? *)', '"32" in place of days'],
    ['cron(0 4 0W * ? *)', '"0W" in place of days'],
    ['cron(0 4 ? * 8 *)', '"8" in place of days'],
    ['cron(0 4 ? * 3#6 *)', '"3#6" in place of days'],
    ['cron(0 4 ? * FOOL *)', '"FOOL" in place of days'],
    ['cron(0 4 * 13 ? *)', '"13" in place of months'],
    ['cron(0 4 * * ? 1969)', '"1969" in place of years'],
    ['cron(*/0 4 * * ? *)', '"*/0" in place of minutes'],
    ['cron(1-2-3 4 * * ? *)', '"1-2-3" in place of minutes'],
    ['cron(0 4 1 * MON *)', 'restricts both'],
    ['rate(0 days)', 'rate('],
    ['rate(1 month)', 'rate('],
    ['at(tomorrow)', 'at('],
  ])('%j is refused: %s', (expression, problem) => {
    expect(readAwsExpression(expression)).toEqual({ kind: 'unreadable', problem: expect.stringContaining(problem) });
  });
});

// 2023: 1 January was a Sunday, 1 April and 1 July Saturdays, 30 April and 31 December Sundays.
describe('days', () => {
  test('the last of the month', () => {
    expect(daysOf('L', '?', 2024).slice(0, 4)).toEqual(['01-31', '02-29', '03-31', '04-30']);
  });

  test('the weekday nearest to a day, inside its month', () => {
    expect(daysOf('1W', '?', 2023).slice(0, 4)).toEqual(['01-02', '02-01', '03-01', '04-03']);
    expect(daysOf('15W', '?', 2023).slice(0, 4)).toEqual(['01-16', '02-15', '03-15', '04-14']);
    expect(daysOf('30W', '?', 2023).slice(0, 4)).toEqual(['01-30', '03-30', '04-28', '05-30']);
    expect(daysOf('LW', '?', 2023).slice(0, 4)).toEqual(['01-31', '02-28', '03-31', '04-28']);
  });

  test('the last and the n-th weekday of a month', () => {
    expect(daysOf('?', '6L', 2023).slice(0, 3)).toEqual(['01-27', '02-24', '03-31']);
    expect(daysOf('?', 'FRIL', 2023)).toEqual(daysOf('?', '6L', 2023));
    expect(daysOf('?', '3#2', 2023).slice(0, 3)).toEqual(['01-10', '02-14', '03-14']);
    expect(daysOf('?', 'MON#5', 2023)).toEqual(['01-30', '05-29', '07-31', '10-30']);
  });

  test('Sunday is 1 and the week ends with Saturday', () => {
    expect(daysOf('?', '1', 2023)[0]).toBe('01-01');
    expect(daysOf('?', 'L', 2023)[0]).toBe('01-07');
    expect(daysOf('?', 'SAT-MON', 2023).slice(0, 4)).toEqual(['01-01', '01-02', '01-07', '01-08']);
  });
});
