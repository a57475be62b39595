import type { Usd } from '../units/usd.ts';
import type { CostAssessment } from './assessment.ts';

/** A bound that is above its budget. */
export interface ExceededBudget {
  readonly what: 'run' | 'month';
  /** The state machine; of a month the dearest one. */
  readonly at: string;
  readonly usd: Usd;
  readonly budget: Usd;
}

/** Every budget that is exceeded: each state machine has one of its own, not only the dearest. The dearest run first. */
export function exceededBudgets({
  machines,
  month,
}: Pick<CostAssessment, 'machines' | 'month'>): readonly ExceededBudget[] {
  const sorted = machines.toSorted((one, other) => Number(other.usd > one.usd) - Number(one.usd > other.usd));
  const runs = sorted.map(({ machine, usd, budget }) => ({ what: 'run' as const, at: machine, usd, budget }));
  const at = sorted[0]?.machine ?? 'templates';
  return [...runs, { what: 'month' as const, at, usd: month.usd, budget: month.budget }].flatMap(
    ({ usd, budget, ...bound }) =>
      usd === null || budget === null || usd <= budget ? [] : [{ ...bound, usd, budget }],
  );
}
