import type { JobNotice } from './jobs/job-shell.ts';
import type { RunStatus } from './state/run-store.ts';

interface AtState {
  readonly execution: string;
  readonly state: string;
  /** Places in the Maps around it, outermost first; empty outside of any. */
  readonly path: readonly number[];
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** What a local run tells as it goes on; `kind` is the message's code. Nothing is ever printed. */
export type RunMessage =
  | { readonly kind: 'environment-progress'; readonly line: string }
  | { readonly kind: 'synthesis-started'; readonly command: string }
  | { readonly kind: 'synthesis-skipped' }
  | { readonly kind: 'synthesis-ended'; readonly seconds: number }
  | { readonly kind: 'lost-run-ended'; readonly execution: string }
  | {
      readonly kind: 'run-started';
      readonly execution: string;
      readonly slot: string;
      readonly attempt: number;
      readonly engine: string;
      readonly pipeline: string;
      /** Folder of the run's record, history and logs. */
      readonly directory: string;
      /** The most that the run could cost on AWS: an exact decimal in USD. */
      readonly boundUsd: string;
    }
  | ({ readonly kind: 'state-entered'; readonly type: string } & AtState)
  | ({ readonly kind: 'state-succeeded'; readonly type: string; readonly seconds: number } & AtState)
  | ({
      readonly kind: 'state-failed';
      readonly error: string;
      /** What went wrong, for people. */
      readonly reason: string;
      /** Seconds until the state is tried again; null where it is not. */
      readonly retryInSeconds: number | null;
    } & AtState)
  | JobNotice
  | {
      readonly kind: 'run-ended';
      readonly execution: string;
      readonly status: Exclude<RunStatus, 'RUNNING'>;
      readonly seconds: number;
      readonly error: string | null;
      /** What went wrong, for people; null unless it failed. */
      readonly reason: string | null;
    };

/** Whoever shows a run: a command line, a test. */
export interface RunHost {
  readonly notify: (message: RunMessage) => void;
}
