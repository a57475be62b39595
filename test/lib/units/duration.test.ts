import { describe, expect, it } from 'vitest';
import { days, formatDuration, hours, minutes, seconds, toMinutes, toSeconds } from '../../../lib/units/duration.ts';

describe('duration', () => {
  it('counts microseconds', () => {
    expect(hours(3)).toBe(3 * 3_600 * 1_000_000);
    expect(minutes(0.5)).toBe(seconds(30));
    expect(toSeconds(days(1))).toBe(86_400);
    expect(toMinutes(hours(1))).toBe(60);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 1e-9])('refuses %d seconds', (amount) => {
    expect(() => seconds(amount)).toThrow(RangeError);
  });

  it.each([
    [days(7), '7 days'],
    [hours(1), '1 hour'],
    [minutes(90), '90 minutes'],
    [seconds(61), '61 seconds'],
  ])('%d is shown as %s', (length, shown) => {
    expect(formatDuration(length)).toBe(shown);
  });
});
