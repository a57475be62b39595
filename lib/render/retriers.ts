import type { Catcher, Retrier } from '../asl/state-machine.ts';
import { jsonata } from './expressions.ts';
import { STATE_NAMES } from './state-names.ts';

/** Longest cause that a failure keeps, in characters: variables are small. */
const LONGEST_CAUSE = 4_000;

/**
 * Tries a job again until it has had its tries in total: one retrier, so that no error name can add more.
 * Empty where a job has one try.
 */
export function jobRetriers(triesPerJob: number): { readonly Retry?: readonly Retrier[] } {
  if (triesPerJob <= 1) return {};
  return {
    Retry: [
      {
        ErrorEquals: ['States.TaskFailed'],
        IntervalSeconds: 30,
        MaxAttempts: triesPerJob - 1,
        BackoffRate: 2,
        MaxDelaySeconds: 300,
        JitterStrategy: 'FULL',
      },
    ],
  };
}

/** Errors that Lambda's service gives rather than the function. Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html (2026-11-20). */
export const LAMBDA_RETRIERS: readonly Retrier[] = [
  {
    ErrorEquals: [
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.TooManyRequestsException',
    ],
    IntervalSeconds: 2,
    MaxAttempts: 3,
    BackoffRate: 2,
    JitterStrategy: 'FULL',
  },
];

const CAUSE = `$exists($states.errorOutput.Cause) ? $substring($states.errorOutput.Cause, 0, ${LONGEST_CAUSE}) : ''`;

/** What a failed state leaves behind: its name, the error's name, and as much of the cause as fits. */
export const failureOf = (state: string): Readonly<Record<string, string>> => ({
  state,
  error: jsonata('$states.errorOutput.Error'),
  cause: jsonata(CAUSE),
});

/** Whether a try of any state failed: a job that it was starting may show up later. */
export const ANY_TRY_FAILED = '$anyTryFailed';

/** Whether the try that succeeded was not the first. */
export const WAS_REPEATED = '$states.context.State.RetryCount > 0';

/** For the success of a state that starts a job: a try that was repeated has failed. */
export const rememberTries = { anyTryFailed: jsonata(`${ANY_TRY_FAILED} or ${WAS_REPEATED}`) } as const;

/** Any failure of the state is remembered, and the run is settled. */
export const settleOnFailure = (state: string): readonly Catcher[] => [
  {
    ErrorEquals: ['States.ALL'],
    Assign: { failure: failureOf(state), anyTryFailed: true },
    Next: STATE_NAMES.settleRun,
  },
];
