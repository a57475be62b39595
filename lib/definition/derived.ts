import { ExpressionValue } from './expression-value.ts';
import { type Formula, formulaOf } from './formula.ts';
import type { BooleanValue, NumericType, NumericValue } from './value.ts';

/** What a derived feature's function receives. */
export interface Features {
  /** Another feature of the set by its whole name, such as `origin_delays__mean_delay_3h`; a boolean is 1 or 0. */
  readonly feature: (name: string) => NumericValue<'double'>;
}

/** Features that are computed of other features of the same row, once their defaults stand. */
export interface DerivedFeatures {
  readonly kind: 'derived-features';
  readonly features: readonly { readonly name: string; readonly value: Formula }[];
}

/**
 * Features made of other features, also of derived ones, in float64: null where a part is null, and where the result is
 * not finite, such as after a division by zero.
 */
export function derived(
  features: Readonly<Record<string, (features: Features) => NumericValue<NumericType> | BooleanValue>>,
): DerivedFeatures {
  return {
    kind: 'derived-features',
    features: Object.entries(features).map(([name, of]) => ({ name, value: formulaOf(() => of({ feature })) })),
  };
}

/** The cast gives the one runtime class its static type: features are numbers. */
function feature(name: string): NumericValue<'double'> {
  const value: unknown = new ExpressionValue({ kind: 'column', name, type: 'double' });
  return value as NumericValue<'double'>;
}
