import type { HistoryEffect } from '../../lib/asl/execution.ts';
import type { RunMessage } from '../host.ts';
import type { StateVisit } from '../state/run-store.ts';
import { reasonOf } from './failure-reason.ts';

/** What makes a state fail, unless it is tried again. */
const FAILURE = /^(?:Task|LambdaFunction)(?:Failed|TimedOut)$|^(?:Map|Parallel)StateFailed$|^EvaluationFailed$/;

/** Follows an execution's history: which states were visited, for how long, and what to tell of it. */
export class Visits {
  readonly #execution: string;
  #visits: readonly StateVisit[] = [];

  constructor(execution: string) {
    this.#execution = execution;
  }

  get all(): readonly StateVisit[] {
    return this.#visits;
  }

  /**
   * Takes in one history event.
   *
   * @param retryInSeconds pause before the next try, where the event's failure is followed by one
   */
  record(event: HistoryEffect, retryInSeconds: number | null): readonly RunMessage[] {
    if (event.type.endsWith('StateEntered')) return this.#enter(event, event.state ?? '');
    if (event.type.endsWith('StateExited')) return this.#exit(event);
    if (FAILURE.test(event.type)) return this.#fail(event, retryInSeconds);
    if (event.type === 'TaskScheduled') this.#retry(event);
    return [];
  }

  #enter(event: HistoryEffect, state: string): readonly RunMessage[] {
    const type = event.type.replace('StateEntered', '');
    const visit: StateVisit = {
      state,
      path: pathOf(event),
      type,
      enteredTime: event.timestamp,
      exitedTime: null,
      status: 'running',
      retries: 0,
      error: null,
      reason: null,
    };
    this.#visits = [...this.#visits, visit];
    return [{ kind: 'state-entered', type, ...this.#place(event, state) }];
  }

  /** A state whose failure was caught is left too, but has not succeeded. */
  #exit(event: HistoryEffect): readonly RunMessage[] {
    const visit = this.#change(event, (running) => ({
      ...running,
      exitedTime: event.timestamp,
      status: running.error === null ? 'succeeded' : 'failed',
    }));
    if (visit === undefined || visit.error !== null) return [];
    const seconds = (Date.parse(event.timestamp) - Date.parse(visit.enteredTime)) / 1000;
    return [{ kind: 'state-succeeded', type: visit.type, seconds, ...this.#place(event, visit.state) }];
  }

  #fail(event: HistoryEffect, retryInSeconds: number | null): readonly RunMessage[] {
    const error = event.details.error ?? 'States.Unknown';
    const reason = reasonOf(event.details.cause ?? '');
    const known = this.#change(event, (running) => ({ ...running, error, reason }));
    if (known === undefined) return [];
    return [{ kind: 'state-failed', error, reason, retryInSeconds, ...this.#place(event, known.state) }];
  }

  #retry(event: HistoryEffect): void {
    this.#change(event, (running) =>
      running.error === null ? running : { ...running, error: null, reason: null, retries: running.retries + 1 },
    );
  }

  #place(event: HistoryEffect, state: string) {
    return { execution: this.#execution, state, path: pathOf(event), at: event.timestamp };
  }

  /** Changes the visit that the event is about: a scope is in one state at a time. */
  #change(event: HistoryEffect, change: (visit: StateVisit) => StateVisit): StateVisit | undefined {
    const key = pathOf(event).join('/');
    const index = this.#visits.findLastIndex(({ path, status }) => path.join('/') === key && status === 'running');
    const visit = this.#visits[index];
    if (visit === undefined) return undefined;
    const changed = change(visit);
    this.#visits = this.#visits.with(index, changed);
    return changed;
  }
}

const pathOf = ({ path }: HistoryEffect): readonly number[] => path.map(({ index }) => index);
