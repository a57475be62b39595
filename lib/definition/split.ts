import type { Duration } from '../units/duration.ts';

/** Of the label rows, or of the entities; they add up to 1. */
interface Shares {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/** Shares of the label rows, earliest first. */
export interface TimeSplit extends Shares {
  readonly kind: 'by-time';
  /** A row is left out when its label became known later than the next split's first label time minus this. */
  readonly embargo: Duration | undefined;
}

export interface TimeSplitOptions extends Shares {
  readonly embargo?: Duration;
}

/** Trains on the past and tests on what came after it. */
export const byTime = (options: TimeSplitOptions): TimeSplit => ({
  embargo: undefined,
  ...options,
  kind: 'by-time',
});

export interface EntitySplitOptions extends Shares {
  /** Columns of the label's source: rows that agree in all of them go to one part. */
  readonly entity: readonly string[];
}

/** Shares of the entities, by a hash of their values: an entity stays in its part as others come and go. */
export interface EntitySplit extends EntitySplitOptions {
  readonly kind: 'by-entity';
}

/** Tests on entities that the training never saw; nothing is purged, for time is not what separates the parts. */
export const byEntity = (options: EntitySplitOptions): EntitySplit => ({ ...options, kind: 'by-entity' });

export type Split = TimeSplit | EntitySplit;
