/** One of the values, each as likely. */
export interface ChoiceDomain<T extends number | string = number | string> {
  readonly kind: 'choice';
  readonly values: readonly T[];
}

/** A real number in `[min, max)`, uniform itself or in its logarithm. */
export interface RealDomain {
  readonly kind: 'uniform' | 'log-uniform';
  readonly min: number;
  readonly max: number;
}

/** A whole number in `[min, max]`, both ends inclusive. */
export interface IntegerDomain {
  readonly kind: 'integers';
  readonly min: number;
  readonly max: number;
}

/** Where a trial's value of a parameter is drawn from. */
export type Domain = ChoiceDomain | RealDomain | IntegerDomain;

export const choice = <const T extends number | string>(...values: readonly T[]): ChoiceDomain<T> => ({
  kind: 'choice',
  values,
});
export const uniform = (min: number, max: number): RealDomain => ({ kind: 'uniform', min, max });
export const logUniform = (min: number, max: number): RealDomain => ({ kind: 'log-uniform', min, max });
export const integers = (min: number, max: number): IntegerDomain => ({ kind: 'integers', min, max });
