import { readTaskResource } from '../meters/task-resource.ts';

/**
 * Errors of the call that creates a job, invocation or execution: it was refused, so nothing was created that could
 * cost anything. AWS documents what they mean but promises no price: whoever counts on it accepts `free-create-errors`.
 * `SageMaker.AmazonSageMakerException` and the like are not among them: they also stand for failures after creation.
 */
const CREATE_ERRORS: Readonly<Record<string, readonly string[]>> = {
  // Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors (2026-11-20).
  lambda: ['Lambda.TooManyRequestsException'],
  // Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html#API_CreateTrainingJob_Errors (2026-11-20).
  // Both spellings are in use.
  sagemaker: [
    'SageMaker.ResourceLimitExceeded',
    'SageMaker.ResourceLimitExceededException',
    'SageMaker.ThrottlingException',
  ],
  // Source: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-jobs-runs.html#aws-glue-api-jobs-runs-StartJobRun (2026-11-20).
  glue: [
    'Glue.ConcurrentRunsExceededException',
    'Glue.ResourceNumberLimitExceededException',
    'Glue.ThrottlingException',
  ],
  // Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html#API_StartExecution_Errors (2026-11-20).
  states: ['StepFunctions.ExecutionLimitExceeded', 'StepFunctions.ExecutionLimitExceededException'],
  sfn: ['Sfn.ExecutionLimitExceeded', 'Sfn.ExecutionLimitExceededException'],
};

/** Whether a task of this Resource that fails with any of the errors has created nothing. */
export function areCreateErrors(errors: readonly string[], resource: string): boolean {
  const known = CREATE_ERRORS[serviceOf(resource)] ?? [];
  return errors.every((error) => known.includes(error));
}

function serviceOf(resource: string): string {
  const read = readTaskResource(resource);
  if (read.kind === 'call') return read.service;
  return read.kind === 'function' ? 'lambda' : '';
}
