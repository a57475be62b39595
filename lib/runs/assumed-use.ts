import type { RunProgram } from '../contracts/run-program.ts';
import { HANDLERS, type HandlerName } from './handlers.ts';
import type { AssumedUse } from './receipt-lines.ts';

/** Tries of a state that calls a function or S3: one, and those of its retrier. */
const TASK_TRIES = 4;
/** Invocations by the rule that settles an ended execution: one, and two retries. Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html (2026-11-20). */
const RULE_TRIES = 3;
/** States beside the jobs' and the trials' own: 6 that call a function, 3 that read S3; the Map, 7 choices, the end. */
const TASKS = 9;
const OTHER_STATES = 9;
const JOB_STATES = 3;
/** Of a trial: its choice, its training job and its end; publishing it is a task. */
const TRIAL_STATES = 3;

const ONCE_PER_RUN = [
  'admit-run',
  'freeze-inputs',
  'publish-partitions',
  'freeze-evaluation',
  'register-model',
  'settle-run',
] as const satisfies readonly HandlerName[];

/** The most that orchestration of a run uses, every function until its timeout; `jobs` is how many tries jobs had. */
export function assumedUse({ trials }: RunProgram, jobs: number): AssumedUse {
  const calls: readonly HandlerName[] = [...ONCE_PER_RUN, ...trials.map(() => 'publish-trial' as const)];
  return {
    transitions: OTHER_STATES + JOB_STATES + trials.length * TRIAL_STATES + (TASKS + trials.length) * TASK_TRIES + jobs,
    lambda: invocationsOf(calls),
  };
}

/** The same of a run that was refused: it is admitted or not, settled, and ends. */
export function assumedUseOfRefusal(): AssumedUse {
  const calls: readonly HandlerName[] = ['admit-run', 'settle-run'];
  return {
    transitions: 3 + calls.length * TASK_TRIES,
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
