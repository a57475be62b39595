import type { Assignments, Retrier, TaskState } from '../asl/state-machine.ts';
import { settleOnFailure } from './retriers.ts';

/** S3 had a bad moment; anything else, an absent object for one, is final. */
const S3_RETRIERS: readonly Retrier[] = [
  {
    ErrorEquals: ['S3.SdkClientException', 'S3.S3Exception'],
    IntervalSeconds: 2,
    MaxAttempts: 3,
    BackoffRate: 2,
    JitterStrategy: 'FULL',
  },
];

/** The JSON of the object that was read. */
export const BODY = '$parse($states.result.Body)';

interface ReadOptions {
  /** Texts or expressions. */
  readonly bucket: string;
  readonly key: string;
  readonly assign: Assignments;
  readonly next: string;
}

/** Reads a small JSON object: what a later state needs is in a report, not in a job's description. */
export function readObject(state: string, { bucket, key, assign, next }: ReadOptions): TaskState {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::aws-sdk:s3:getObject',
    Arguments: { Bucket: bucket, Key: key },
    Assign: assign,
    Retry: S3_RETRIERS,
    Catch: settleOnFailure(state),
    Next: next,
  };
}
