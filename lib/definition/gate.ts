import type { Metrics } from '../contracts/model.ts';
import type { Gate } from '../contracts/run-program.ts';

/** The candidate's test metric is more than `by` above the share of positive labels: what guessing would score. */
export const exceedsBaseRate = (metric: 'pr_auc', by: number): Gate => ({ kind: 'exceeds-base-rate', metric, by });

/** The candidate is at least as good as the champion on the same test rows; without a champion it holds. */
export const noWorseThanChampion = (metric: keyof Metrics): Gate => ({ kind: 'no-worse-than-champion', metric });
