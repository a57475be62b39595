import type { TrialManifest } from '../contracts/model.ts';
import type { PublishTrialInput } from '../contracts/state-payload.ts';
import { UserError } from '../errors/user-error.ts';

/**
 * A job that was stopped at its limit leaves a model behind, and it is not the trial's model.
 * @throws UserError `training-job-not-completed`
 */
export function requireCompleted({ job, status }: PublishTrialInput): void {
  if (status === 'Completed') return;
  throw new UserError({
    code: 'training-job-not-completed',
    message: `training job ${job} ended as ${status}, must be Completed`,
    resolution: 'raise maxRuntime or maxWait of train, or lower rounds, then start the slot again',
  });
}

/** Keys of what SageMaker uploads at the end of a training job, below the trial's prefix. */
export function trialOutputs(prefix: string, job: string): { readonly model: string; readonly output: string } {
  return { model: `${prefix}${job}/output/model.tar.gz`, output: `${prefix}${job}/output/output.tar.gz` };
}

export function trialManifest(
  { trial, job }: PublishTrialInput,
  archives: Pick<TrialManifest, 'model' | 'output'>,
): TrialManifest {
  const { fingerprint, index, hyperparameters } = trial;
  return { version: 1, fingerprint, index, job, hyperparameters, ...archives };
}
