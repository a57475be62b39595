import { type ComparisonOperator, quantizeDown, quantizeUp } from '../values/number-range.ts';

/** Up to here sums of offsets are exact in floating point. */
const MAX_MAGNITUDE = 2 ** 32;

/** A counter that is at least `start` at the first of several comparisons, and grows by at least `step` between two. */
export interface Counting {
  readonly start: number;
  /** Above zero; infinite where there is no second comparison. */
  readonly step: number;
}

/** How often such a counter can be found `< limit` or `<= limit`, at most; undefined where its numbers are too great to tell. */
export function countLaps({ start, step }: Counting, operator: ComparisonOperator, limit: number): number | undefined {
  const [from, to] = [quantizeDown(start), quantizeUp(limit)];
  if (!(Math.abs(from) <= MAX_MAGNITUDE && Math.abs(to) <= MAX_MAGNITUDE) || !(step > 0)) return undefined;
  const distance = to - from;
  const isInclusive = operator === '<=' || operator === '>=';
  if (distance < 0 || (distance === 0 && !isInclusive)) return 0;
  if (!Number.isFinite(step)) return 1;
  const rest = distance % step;
  const whole = (distance - rest) / step;
  return isInclusive ? whole + 1 : whole + (rest > 0 ? 1 : 0);
}
