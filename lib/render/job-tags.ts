import type { JsonObject } from '../asl/json.ts';
import { concatenated, EXECUTION_CONTEXT, EXECUTION_NAME, jsonata, quoted, tryDigest } from './expressions.ts';

export interface JobIdentity {
  readonly pipeline: string;
  readonly state: string;
  /** Expression of the place in the Map, or `NO_MAP_INDEX`. */
  readonly mapIndex: string;
  /** Expression of the readable end of the stem: `t0`, `eval`. */
  readonly stem: string;
}

/**
 * Expression of a SageMaker job's name: a readable stem and what tells its tries apart, at most 63 characters
 * (24 of the pipeline + 24 of the execution + 4 of the stem + 8 + hyphens).
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html (2026-11-20).
 */
export function jobName({ pipeline, state, mapIndex, stem }: JobIdentity): string {
  const prefix = quoted(`${pipeline}-`);
  return concatenated(prefix, EXECUTION_NAME, "'-'", stem, "'-'", tryDigest(state, mapIndex, 8));
}

/** By these the settlement finds every try of a run. */
export function jobTags({ pipeline, state, mapIndex }: JobIdentity): readonly JsonObject[] {
  return [
    { Key: 'Pipeline', Value: pipeline },
    { Key: 'Execution', Value: EXECUTION_CONTEXT.execution },
    { Key: 'State', Value: state },
    { Key: 'MapIndex', Value: jsonata(`$string(${mapIndex})`) },
    { Key: 'Try', Value: jsonata('$string($states.context.State.RetryCount)') },
  ];
}
