import type { Failure } from './execution.ts';
import type { JsonObject } from './json.ts';

/** Error names that Step Functions itself raises. Source: https://states-language.net/spec.html#appendix-a (2026-11-20). */
export const STATES_ERROR = {
  all: 'States.ALL',
  taskFailed: 'States.TaskFailed',
  timeout: 'States.Timeout',
  noChoiceMatched: 'States.NoChoiceMatched',
  queryEvaluation: 'States.QueryEvaluationError',
  dataLimitExceeded: 'States.DataLimitExceeded',
  runtime: 'States.Runtime',
} as const;

/**
 * Whether `ErrorEquals` names the error. `States.ALL` leaves out what no wildcard may handle, `States.TaskFailed` also
 * the timeout.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html (2026-11-20).
 */
export function matchesError(errorEquals: readonly string[], error: string | undefined): boolean {
  if (error !== undefined && errorEquals.includes(error)) return true;
  if (error === STATES_ERROR.dataLimitExceeded || error === STATES_ERROR.runtime) return false;
  if (errorEquals.includes(STATES_ERROR.all)) return true;
  return errorEquals.includes(STATES_ERROR.taskFailed) && error !== STATES_ERROR.timeout;
}

/** `$states.errorOutput`: a part that was not given is absent. */
export const errorOutput = ({ error, cause }: Failure): JsonObject => ({
  ...(error === undefined ? {} : { Error: error }),
  ...(cause === undefined ? {} : { Cause: cause }),
});
