const REASON = Symbol('why a value is not known');

/** In the place of a value that cannot be known before a deployment or a run. */
export interface Unresolved {
  /** Who decides: `deployment` (a parameter without allowed values), `run` (data of an execution), `input` (cannot be read). */
  readonly decidedBy: 'deployment' | 'run' | 'input';
  readonly [REASON]: string;
}

/** `reason` completes the sentence "the value is …": `decided by the parameter Workers`. */
export const unresolved = (decidedBy: Unresolved['decidedBy'], reason: string): Unresolved => ({
  decidedBy,
  [REASON]: reason,
});

export const isUnresolved = (value: unknown): value is Unresolved =>
  typeof value === 'object' && value !== null && REASON in value;

export const reasonOf = (value: Unresolved): string => value[REASON];
