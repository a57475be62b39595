import type { Checked } from '../errors/diagnostic.ts';
import type { ApiCall } from './api-call.ts';

/** The resources that a Task touches: what the caller knows of its Arguments. */
export interface TaskUse<Resource = string> {
  /** `Resource` of the Task state, with any partition: `arn:aws:states:::sagemaker:createTrainingJob.sync`. */
  readonly resource: string;
  readonly resources: ApiCall<Resource>['resources'];
}

/** The API calls that Step Functions makes for a Task, its `.sync` follow-up included; unknown integrations are refused. */
export declare function callsOfTask<Resource = string>(task: TaskUse<Resource>): Checked<readonly ApiCall<Resource>[]>;
