import type { RunProgram } from '../contracts/run-program.ts';
import { HANDLERS, type HandlerName } from './handlers.ts';
import type { AssumedUse } from './receipt-lines.ts';

/** Tries of a state that calls a function or S3: one, and those of its retrier. */
const TASK_TRIES = 4;
/** Invocations by the rule that settles an ended execution: one, and two retries. Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html (2026-11-20). */
const RULE_TRIES = 3;
/** States that call a function, 6, or read S3, 4, once in a run. */
const TASKS = 10;
/** The Map, 9 choices, and the end. */
const OTHER_STATES = 11;
/** An execution's start and its end are transitions too. */
const START_AND_END = 2;
/** Of a run that is refused: 2 choices, and the end. */
const OTHER_STATES_OF_REFUSAL = 3;
/** States that start a job once in a run. */
const JOBS = 4;
/** Of a trial, beside its job and its publication: a choice and an end. */
const OTHER_TRIAL_STATES = 2;

const ONCE_PER_RUN = [
  'admit-run',
  'freeze-inputs',
  'publish-partitions',
  'freeze-evaluation',
  'register-model',
  'settle-run',
] as const satisfies readonly HandlerName[];

/** The most that orchestration of a run uses: every state at all of its tries, every function until its timeout. */
export function assumedUse({ trials, triesPerJob }: RunProgram): AssumedUse {
  const calls: readonly HandlerName[] = [...ONCE_PER_RUN, ...trials.map(() => 'publish-trial' as const)];
  const perTrial = OTHER_TRIAL_STATES + TASK_TRIES + triesPerJob;
  return {
    transitions: START_AND_END + OTHER_STATES + TASKS * TASK_TRIES + JOBS * triesPerJob + trials.length * perTrial,
    lambda: invocationsOf(calls),
  };
}

/** The same of a run that was refused: it is admitted or not, settled, and ends. */
export function assumedUseOfRefusal(): AssumedUse {
  const calls: readonly HandlerName[] = ['admit-run', 'settle-run'];
  return {
    transitions: START_AND_END + OTHER_STATES_OF_REFUSAL + calls.length * TASK_TRIES,
    lambda: invocationsOf(calls),
  };
}

/** Every call at all of its tries, and the settlement that the rule asks for. */
const invocationsOf = (calls: readonly HandlerName[]): AssumedUse['lambda'] => [
  ...calls.map((name) => ({ invocations: TASK_TRIES, ...sizeOf(name) })),
  { invocations: RULE_TRIES, ...sizeOf('settle-run') },
];

function sizeOf(name: HandlerName): { readonly memoryMb: number; readonly timeoutSeconds: number } {
  const { memoryMb, timeoutSeconds } = HANDLERS[name];
  return { memoryMb, timeoutSeconds };
}
