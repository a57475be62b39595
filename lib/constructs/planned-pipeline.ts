import type { Plan } from '../plan/plan.ts';
import type { RunFileTexts } from './run-files.ts';

/** A pipeline that was planned: what every stack of it is rendered from. */
export interface PlannedPipeline {
  readonly plan: Plan;
  readonly texts: RunFileTexts;
}
