import type { PriceBook } from './price-book.ts';
import type { TemplateSet } from './templates/template-set.ts';

/**
 * What a user may accept although AWS does not promise it or a template does not say it; each that was used is named
 * beside the bound.
 */
export const ACCEPTABLE_ASSUMPTIONS = {
  'service-defaults': 'limits that are not set are what AWS documents as their defaults',
  'free-create-errors':
    'errors that only the call which creates a job raises (throttling, capacity, quotas) cost nothing',
} as const;

export type AcceptableAssumption = keyof typeof ACCEPTABLE_ASSUMPTIONS;

/** What a bound is computed from. */
export interface CostContext {
  readonly templates: TemplateSet;
  readonly book: PriceBook;
  readonly accepted: ReadonlySet<AcceptableAssumption>;
}
