import type { Duration } from '../units/duration.ts';

/** Shares of the label rows, earliest first; they add up to 1. */
export interface TimeSplit {
  readonly kind: 'by-time';
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  /** A row is left out when its label became known later than the next split's first label time minus this. */
  readonly embargo: Duration | undefined;
}

export interface TimeSplitOptions {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  readonly embargo?: Duration;
}

/** Trains on the past and tests on what came after it. */
export const byTime = (options: TimeSplitOptions): TimeSplit => ({
  embargo: undefined,
  ...options,
  kind: 'by-time',
});
