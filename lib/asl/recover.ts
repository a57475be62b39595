import type { Draft } from './draft.ts';
import type { Failure } from './execution.ts';
import { errorOutput, matchesError } from './failure.ts';
import { leaveState } from './leave-state.ts';
import { abandonWork } from './nested-scopes.ts';
import type { Catcher, Retrier, State } from './state-machine.ts';
import type { Step } from './step.ts';

/** Defaults. Source: https://states-language.net/spec.html#errors (2026-11-20). */
const DEFAULT_INTERVAL_SECONDS = 1;
const DEFAULT_MAX_ATTEMPTS = 3;
const DEFAULT_BACKOFF_RATE = 2;

/** Retries the scope's state, or catches its failure, or passes the failure on to what is around the scope. */
export async function recover(draft: Draft, scopeId: string, failure: Failure): Promise<readonly Step[]> {
  const state = draft.stateOf(scopeId);
  abandonWork(draft, scopeId);
  if (state.Type === 'Map' || state.Type === 'Parallel') draft.record(scopeId, `${state.Type}StateFailed`, failure);
  if (retry(draft, scopeId, retriersOf(state), failure)) return [];
  const caught = await catchFailure(draft, scopeId, catchersOf(state), failure);
  if (caught.step !== null) return [caught.step];
  return passOn(draft, scopeId, caught.failure);
}

const retriersOf = (state: State): readonly Retrier[] => ('Retry' in state ? (state.Retry ?? []) : []);
const catchersOf = (state: State): readonly Catcher[] => ('Catch' in state ? (state.Catch ?? []) : []);

/** Seconds before the retry that follows `retries` earlier ones of the same retrier. */
function pauseSeconds(retrier: Retrier, retries: number, draw: () => number): number {
  const { IntervalSeconds = DEFAULT_INTERVAL_SECONDS, BackoffRate = DEFAULT_BACKOFF_RATE } = retrier;
  const pause = Math.min(IntervalSeconds * BackoffRate ** retries, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
  return retrier.JitterStrategy === 'FULL' ? pause * draw() : pause;
}

/** Only the first retrier that names the error counts, with a counter of its own. */
function retry(draft: Draft, scopeId: string, retriers: readonly Retrier[], { error }: Failure): boolean {
  const place = retriers.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, error));
  const retrier = retriers[place];
  const { activity } = draft.scope(scopeId);
  const retries = activity.retriesByRetrier[place] ?? 0;
  if (retrier === undefined || retries >= (retrier.MaxAttempts ?? DEFAULT_MAX_ATTEMPTS)) return false;
  const id = draft.newId('wait');
  const seconds = pauseSeconds(retrier, retries, draft.chance.number);
  draft.updateActivity(scopeId, {
    retryCount: activity.retryCount + 1,
    retriesByRetrier: retriers.map((_, index) => (activity.retriesByRetrier[index] ?? 0) + (index === place ? 1 : 0)),
    awaiting: { kind: 'retry', id },
  });
  draft.emit({ kind: 'wait', id, seconds, reason: 'retry', state: activity.state });
  return true;
}

type Caught =
  | { readonly step: Step }
  /** Nothing caught it, or the catcher itself failed. */
  | { readonly step: null; readonly failure: Failure };

async function catchFailure(
  draft: Draft,
  scopeId: string,
  catchers: readonly Catcher[],
  failure: Failure,
): Promise<Caught> {
  const place = catchers.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, failure.error));
  const catcher = catchers[place];
  if (catcher === undefined) return { step: null, failure };
  const output = errorOutput(failure);
  const at = `Catch[${place}]/`;
  const left = await leaveState(draft, scopeId, catcher, { errorOutput: output, otherwise: output, at });
  return left.ok ? { step: left.value } : { step: null, failure: left.failure };
}

/** The scope fails: so does the execution, or the Map or Parallel state around it. */
function passOn(draft: Draft, scopeId: string, failure: Failure): readonly Step[] {
  const { parent, index } = draft.scope(scopeId);
  if (parent === null) {
    draft.record(scopeId, 'ExecutionFailed', failure);
    draft.change({ status: 'FAILED', failure, stopTime: draft.event.timestamp, scopes: {} });
    return [];
  }
  const owner = draft.stateOf(parent);
  if (owner.Type === 'Map') {
    draft.record(scopeId, 'MapIterationFailed', { index }, draft.scope(parent).activity.state);
  }
  draft.dropScope(scopeId);
  return [{ kind: 'fail', scope: parent, failure }];
}
