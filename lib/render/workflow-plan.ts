import type { Plan } from '../plan/plan.ts';

/** What of a plan decides its state machine and its jobs' limits. */
export type WorkflowPlan = Pick<
  Plan,
  'pipeline' | 'source' | 'glue' | 'training' | 'evaluation' | 'triesPerJob' | 'gates' | 'trials'
>;
