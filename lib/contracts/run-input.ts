/** Which engine stands in for Glue's Spark: `spark` on AWS, either of them on the laptop. */
export const ENGINES = ['spark', 'duckdb'] as const;
export type Engine = (typeof ENGINES)[number];

/** The state of the user's code when a run was started, as evidence in the registry. */
export interface SourceRevision {
  /** Full git commit, or null outside a repository. */
  readonly commit: string | null;
  /** Whether the work tree equalled the commit. */
  readonly clean: boolean;
}

/** Input of an execution of the state machine; its name is `executionName(slot, attempt)`. */
export interface RunInput {
  readonly version: 1;
  /** The logical time of the run, a tick of the schedule: ISO 8601 UTC to the second, `2001-07-01T08:00:00Z`. */
  readonly slot: string;
  /** 0 for the scheduled start, one more for each later start of the same slot. */
  readonly attempt: number;
  readonly engine: Engine;
  readonly revision: SourceRevision;
}

const SLOT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

export const isSlot = (text: string): boolean => SLOT.test(text) && !Number.isNaN(Date.parse(text));

/** `2001-07-01T08-00-00Z-0`: execution names forbid colons. At most 24 characters for attempts below 1000. */
export function executionName(slot: string, attempt: number): string {
  return `${slot.replaceAll(':', '-')}-${attempt}`;
}

const EXECUTION_NAME = /^(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})Z-(\d+)$/;

/** Slot and attempt of an execution name, or undefined where the name is not one of ours. */
export function parseExecutionName(name: string): { readonly slot: string; readonly attempt: number } | undefined {
  const match = EXECUTION_NAME.exec(name);
  if (match === null) return undefined;
  const [, day, hour, minute, second, attempt] = match;
  return { slot: `${day}T${hour}:${minute}:${second}Z`, attempt: Number(attempt) };
}
