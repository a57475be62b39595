import type { WorkflowPlan } from './workflow-plan.ts';

/** Where the code of a Glue job lies. */
export interface GlueCode {
  /** URI of the script. */
  readonly script: string;
  /** URI of the job code archive. */
  readonly archive: string;
}

/**
 * Properties of a Glue job in CloudFormation's shape; every one that costs money is a literal.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-glue-job.html (2026-11-20).
 */
export interface GlueJobProperties {
  readonly glueVersion: string;
  readonly workerType: string;
  readonly numberOfWorkers: number;
  /** Minutes. */
  readonly timeout: number;
  readonly maxRetries: 0;
  readonly executionProperty: { readonly maxConcurrentRuns: number };
  readonly jobRunQueuingEnabled: false;
  readonly executionClass: 'STANDARD';
  readonly command: { readonly name: 'glueetl'; readonly pythonVersion: '3'; readonly scriptLocation: string };
  readonly defaultArguments: Readonly<Record<string, string>>;
}

/** What a Glue job may use at most. */
export type GlueLimits = Pick<WorkflowPlan['glue'], 'workerType' | 'workers' | 'timeoutMinutes'>;

/** Of the leak audit: a sample of rows meets only the entities and days that it reaches, whatever the set's size. */
export const AUDIT_LIMITS = { workerType: 'G.1X', workers: 2, timeoutMinutes: 15 } as const satisfies GlueLimits;

/** Runs of one job at once: backfills of several slots; each has its own reservation. */
const CONCURRENT_RUNS = 4;

/**
 * A Spark job that is cut off at its timeout and never retried by Glue: the state machine's retrier is the only one.
 * Workers are the most that auto scaling may use.
 */
export function glueJob(glue: GlueLimits & Pick<WorkflowPlan['glue'], 'version'>, code: GlueCode): GlueJobProperties {
  return {
    glueVersion: glue.version,
    workerType: glue.workerType,
    numberOfWorkers: glue.workers,
    timeout: glue.timeoutMinutes,
    maxRetries: 0,
    executionProperty: { maxConcurrentRuns: CONCURRENT_RUNS },
    jobRunQueuingEnabled: false,
    executionClass: 'STANDARD',
    command: { name: 'glueetl', pythonVersion: '3', scriptLocation: code.script },
    defaultArguments: {
      '--job-language': 'python',
      '--extra-py-files': code.archive,
      '--enable-auto-scaling': 'true',
      '--enable-metrics': 'true',
      '--enable-observability-metrics': 'true',
      '--enable-continuous-cloudwatch-log': 'true',
      '--job-bookmark-option': 'job-bookmark-disable',
    },
  };
}
