import type { FeatureViewProgram } from '../../contracts/job-program.ts';

const MICROSECONDS_PER_DAY = 86_400_000_000;

/** Days of a source that the labels of one UTC day can reach: so many, all that there are, or none, for it has no days. */
export type DayReach = number | 'all' | 'none';

/**
 * The days that hold every event later than a reach before the day's first label.
 *
 * @param reach microseconds; null: no end.
 */
export function dayReach({ timeless }: Pick<FeatureViewProgram, 'timeless'>, reach: number | null): DayReach {
  if (timeless) return 'none';
  return reach === null ? 'all' : 1 + Math.ceil((reach - 1) / MICROSECONDS_PER_DAY);
}

/** The greater of two reaches. */
export function furthest(left: DayReach, right: DayReach): DayReach {
  if (left === 'all' || right === 'all') return 'all';
  if (left === 'none' || right === 'none') return left === 'none' ? right : left;
  return Math.max(left, right);
}
