import type { PolicyStatement } from '../iam/policy.ts';
import type { WorkflowPlan } from './workflow-plan.ts';

interface LimitedJob {
  readonly action: string;
  /** ARN pattern of the pipeline's jobs of the kind. */
  readonly jobs: string;
  readonly instance: string;
  readonly maxRuntimeSeconds: number;
}

/**
 * What the state machine's role is denied, whatever its definition says: jobs that run longer, on other instances or
 * with a network.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html (2026-11-20).
 */
export function jobLimits(
  { training, evaluation }: WorkflowPlan,
  jobs: { readonly training: string; readonly processing: string },
): readonly PolicyStatement[] {
  return [
    ...limitsOf({ ...training, action: 'sagemaker:CreateTrainingJob', jobs: jobs.training }),
    ...limitsOf({ ...evaluation, action: 'sagemaker:CreateProcessingJob', jobs: jobs.processing }),
  ];
}

function limitsOf({ action, jobs, instance, maxRuntimeSeconds }: LimitedJob): readonly PolicyStatement[] {
  const deny = { Effect: 'Deny', Action: [action], Resource: [jobs] } as const;
  return [
    { ...deny, Condition: { NumericGreaterThan: { 'sagemaker:MaxRuntimeInSeconds': String(maxRuntimeSeconds) } } },
    { ...deny, Condition: { 'ForAnyValue:StringNotEquals': { 'sagemaker:InstanceTypes': [instance] } } },
    { ...deny, Condition: { Bool: { 'sagemaker:NetworkIsolation': 'false' } } },
  ];
}
