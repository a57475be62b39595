import type { PriceBook } from '../price-book.ts';
import { type Bounded, pricedLeaf } from '../tree/bounded.ts';
import type { Factor } from '../tree/cost-node.ts';

export interface RequestParts {
  readonly label: string;
  readonly at: string;
  readonly item: string;
  readonly factors?: readonly Factor[];
  /** How many of the factors' product make one unit of the price; 1 where not given. */
  readonly divisor?: bigint;
}

/** Requests at a price that a book may quote for many at once: `1M requests above 1M`, `1,000 requests`, `request`. */
export function requestLeaf({ label, at, item, factors = [], divisor = 1n }: RequestParts, book: PriceBook): Bounded {
  const unit = book.prices.find((price) => price.item === item)?.unit ?? '';
  return pricedLeaf({ label, at, item, factors, divisor: divisor * unitsPerPrice(unit) }, book);
}

/** How many of what is billed a price of this unit is for. */
export function unitsPerPrice(unit: string): bigint {
  const match = /^(\d[\d,]*)\s?(k|K|M)?\b/.exec(unit);
  if (match === null) return 1n;
  const scale = match[2] === undefined ? 1n : match[2] === 'M' ? 1_000_000n : 1_000n;
  return BigInt((match[1] ?? '1').replaceAll(',', '')) * scale;
}
