import type { Plan, PlannedSource } from '../plan/plan.ts';

/** What of a plan decides its state machine and its jobs' limits. */
export type WorkflowPlan = Pick<
  Plan,
  'pipeline' | 'glue' | 'training' | 'evaluation' | 'triesPerJob' | 'gates' | 'trials'
> & { readonly sources: readonly [SourceName, ...SourceName[]] };

type SourceName = Pick<PlannedSource, 'name'>;
