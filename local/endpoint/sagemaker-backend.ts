import type { SageMakerJobs } from '../jobs/sagemaker/sagemaker-jobs.ts';
import type { AccessControl } from './access.ts';
import type { ModelPackages } from './model-packages.ts';

/** What the SageMaker calls are answered from. */
export interface SageMakerBackend {
  readonly region: string;
  readonly account: string;
  readonly access: AccessControl;
  readonly training: SageMakerJobs;
  readonly processing: SageMakerJobs;
  readonly packages: ModelPackages;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
