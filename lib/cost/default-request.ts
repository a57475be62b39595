import type { CostRequest } from './assessment.ts';
import type { PriceBook } from './price-book.ts';
import { EXPECTED_SPOT } from './spot/expected-spot.ts';
import type { StackTemplate } from './templates/template-set.ts';

/** A request that tells nothing but templates and prices: nothing accepted or declared, budgets from the metadata. */
export const defaultRequest = (stacks: readonly StackTemplate[], book: PriceBook): CostRequest => ({
  stacks,
  book,
  parameters: {},
  accepted: new Set(),
  quantities: {},
  budget: {},
  spot: EXPECTED_SPOT,
  today: book.compiledOn,
});
