import { describe, expect, it } from 'vitest';
import { scheduleExpression } from '../../../lib/render/schedule-expression.ts';

describe('scheduleExpression', () => {
  it.each([
    ['0 4 * * *', 'cron(0 4 * * ? *)'],
    ['*/15 * * * *', 'cron(0/15 * * * ? *)'],
    ['30 2 1 * *', 'cron(30 2 1 * ? *)'],
    ['0 0 */10 1,7 *', 'cron(0 0 1/10 1,7 ? *)'],
    ['0 4 * * 1-5', 'cron(0 4 ? * MON-FRI *)'],
    ['0 4 * * 0,6', 'cron(0 4 ? * SUN,SAT *)'],
    ['0 4 * * 7', 'cron(0 4 ? * SUN *)'],
    ['0 4 * * */2', 'cron(0 4 ? * 1/2 *)'],
  ])('renders %s', (cron, expected) => {
    expect(scheduleExpression(cron)).toBe(expected);
  });

  it('refuses both kinds of day, which a crontab joins by or', () => {
    expect(() => scheduleExpression('0 4 1 * 1')).toThrow(/restricts both/);
  });
});
