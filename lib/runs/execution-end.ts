/**
 * Seconds after an execution's end during which a job of it may still appear: a call that was on its way when the
 * execution was stopped is answered, and listings of jobs are eventually consistent. AWS names no limit for either;
 * this one is an assumption.
 */
export const LATE_JOB_SECONDS = 120;

/**
 * Days for which an ended execution can be described; a running one always can. Where the account lowered it, a
 * missing execution is only believed later than it could be.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html (2026-11-20).
 */
export const HISTORY_DAYS = 90;

const ENDED: ReadonlySet<string> = new Set(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']);
const MILLISECONDS_PER_DAY = 86_400_000;

/** What DescribeExecution tells of an execution; times in milliseconds since 1970. */
export interface ExecutionView {
  readonly status: string;
  /** Null where the execution goes on. */
  readonly stopTime: number | null;
}

/** What is proven of an execution. */
export type ExecutionProof =
  | {
      readonly kind: 'ended';
      /** The time, in milliseconds since 1970, from which a listing has every job that it started. */
      readonly listedFrom: number;
    }
  | { readonly kind: 'not-ended'; readonly reason: string };

/**
 * Whether an execution has ended, as far as that can be proven. One that cannot be described proves nothing unless
 * its history had to be removed by now: descriptions are eventually consistent, and it may have started just before.
 * @param view null where Step Functions does not know the execution
 * @param startedBefore the latest time at which it can have started; like `now`, in milliseconds since 1970
 */
export function proveEnd(
  view: ExecutionView | null,
  { startedBefore, now }: { readonly startedBefore: number; readonly now: number },
): ExecutionProof {
  if (view === null) {
    const isRemoved = now - startedBefore > HISTORY_DAYS * MILLISECONDS_PER_DAY;
    if (isRemoved) return { kind: 'ended', listedFrom: startedBefore };
    return {
      kind: 'not-ended',
      reason: `Step Functions does not know it, though it keeps what ended for ${HISTORY_DAYS} days`,
    };
  }
  if (!ENDED.has(view.status) || view.stopTime === null) return { kind: 'not-ended', reason: `it is ${view.status}` };
  return { kind: 'ended', listedFrom: listedFrom(view.stopTime) };
}

/**
 * When a listing has every job of an execution, however it ended: one that succeeded may have gone on after a try of
 * which it only knew that it failed.
 */
export const listedFrom = (stopTime: number): number => stopTime + LATE_JOB_SECONDS * 1_000;
