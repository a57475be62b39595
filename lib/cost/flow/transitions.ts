import type { Diagnostic } from '../../errors/diagnostic.ts';
import { ZERO_USD } from '../../units/usd.ts';
import { findPrice, type PriceBook } from '../price-book.ts';
import { pricedLeaf } from '../tree/bounded.ts';
import { type CostNode, type Factor, leaf } from '../tree/cost-node.ts';

/** Every state entered is one transition. Source: https://aws.amazon.com/step-functions/pricing (2026-11-20). */
const ITEM = 'stepfunctions.standard.transition';

/** What state transitions of standard executions cost; the free ones of each month are not counted on. */
export interface Transitions {
  /** `count` transitions because of what is at `at`. */
  readonly leaf: (label: string, at: string, count?: number) => CostNode;
  /** That the price is not in the book: beside it the leaves mean nothing. */
  readonly diagnostics: readonly Diagnostic[];
}

export function transitionsOf(book: PriceBook): Transitions {
  const { diagnostics } = pricedLeaf({ label: 'transition', at: 'prices', item: ITEM, factors: [] }, book);
  const price = findPrice(book, ITEM) ?? ZERO_USD;
  const one = leaf({ label: '', at: '', item: ITEM, price, factors: [] });
  const factorAt = (at: string, quantity: bigint): Factor => ({ name: 'transitions', at, quantity });
  return {
    leaf: (label, at, count = 1) =>
      count === 1
        ? { ...one, label, at, factors: [factorAt(at, 1n)] }
        : leaf({ label, at, item: ITEM, price, factors: [factorAt(at, BigInt(count))] }),
    diagnostics,
  };
}
