import { formatUsd, subtractUsd, type Usd, ZERO_USD } from '../../units/usd.ts';
import type { CostAssessment } from '../assessment.ts';
import { type ExceededBudget, exceededBudgets } from '../exceeded-budgets.ts';
import { answerOf, type CostChange, type CostReview } from './review.ts';

/** The verdict as a title, and in sentences. */
export interface Headline {
  /** `Within budget`, without a full stop. */
  readonly title: string;
  /** What a run and a month may cost, or why that is not known. */
  readonly amounts: string;
  /** How that differs from the base; empty without one. */
  readonly change: string;
}

export function headlineOf(review: CostReview): Headline {
  const { run, month } = review;
  const change = changeSentence(review.change);
  if (run.usd === null || month.usd === null) return { ...refusal(review), change };
  const amounts = `A run may cost at most ${amountPhrase(run.usd, run)}, a month ${amountPhrase(month.usd, month)}.`;
  return { title: titleOf(review), amounts, change };
}

/** Exceeded budgets of other state machines than the dearest, whose run is in the headline. */
export const otherExceededRuns = (review: CostReview): readonly ExceededBudget[] =>
  exceededBudgets(review).filter(({ what, at }) => what === 'run' && at !== review.run.tree?.at);

function titleOf({ verdict, run, month }: CostReview): string {
  if (verdict === 'over-budget') return 'Over budget';
  return run.budget === null && month.budget === null ? 'Bounded' : 'Within budget';
}

function refusal(review: CostReview): Omit<Headline, 'change'> {
  const errors = review.diagnostics.filter(({ severity }) => severity === 'error').length;
  const problems = errors === 1 ? '1 problem' : `${errors} problems`;
  if (answerOf(review) === 'bad-input') return { title: 'Not reviewed', amounts: `The input has ${problems}.` };
  const keep = errors === 1 ? 'keeps' : 'keep';
  return { title: 'Unbounded', amounts: `${problems} ${keep} the cost from having a bound.` };
}

function amountPhrase(amount: Usd, { budget }: Pick<CostAssessment['run'], 'budget'>): string {
  if (budget === null) return formatUsd(amount);
  const excess = amount > budget ? `, exceeded by ${formatUsd(subtractUsd(amount, budget))}` : '';
  return `${formatUsd(amount)} (budget ${formatUsd(budget)}${excess})`;
}

function changeSentence(change: CostChange | null): string {
  if (change === null) return '';
  if (change.notCompared !== null) return `Not compared: ${change.notCompared}.`;
  const { run, month } = change;
  if (run.delta === null || month.delta === null) return '';
  if (run.delta === 0n && month.delta === 0n) return 'That is what the base may cost.';
  return `Against the base, a run may cost ${moreOrLess(run.delta)}, a month ${moreOrLess(month.delta)}.`;
}

function moreOrLess(delta: Usd): string {
  if (delta === 0n) return 'the same';
  return `${formatSignedUsd(delta).slice(1)} ${delta > 0n ? 'more' : 'less'}`;
}

/** With its sign, rounded away from zero as amounts are: `+$1.10`, `-$0.0003`; `$0.00` has none. */
export function formatSignedUsd(amount: Usd): string {
  if (amount < 0n) return `-${formatUsd(subtractUsd(ZERO_USD, amount))}`;
  return `${amount === 0n ? '' : '+'}${formatUsd(amount)}`;
}
