import type { Diagnostic } from '../../errors/diagnostic.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { findPrice, type PriceBook } from '../price-book.ts';
import { type CostNode, type LeafParts, leaf, sum } from './cost-node.ts';

/**
 * An upper bound with everything that keeps it from being one. Beside an error the amount means nothing: it is never
 * shown, and exists so that the rest can still be read and every problem be reported at once.
 */
export interface Bounded {
  readonly node: CostNode;
  readonly diagnostics: readonly Diagnostic[];
}

/** A leaf at the book's price of `item`; a price that is not in the book is an error, never zero. */
export function pricedLeaf(parts: Omit<LeafParts, 'price'>, book: PriceBook): Bounded {
  const price = findPrice(book, parts.item);
  if (price !== undefined) return { node: leaf({ ...parts, price }), diagnostics: [] };
  const missing = costDiagnostic('missing-price', {
    at: parts.itemAt ?? parts.at,
    message: `the price book of ${book.region}, compiled on ${book.compiledOn}, has no price for ${parts.item}`,
    fix: `hundredfold prices refresh --region ${book.region}, or add the row with its source to prices/${book.region}.json`,
  });
  return { node: nothing(parts.label, parts.at), diagnostics: [missing] };
}

/** What is refused: no amount, and why. */
export const refused = (label: string, at: string, diagnostics: readonly Diagnostic[]): Bounded => ({
  node: nothing(label, at),
  diagnostics,
});

export function sumBounded(label: string, at: string, parts: readonly Bounded[]): Bounded {
  return {
    node: sum(
      label,
      at,
      parts.map(({ node }) => node),
    ),
    diagnostics: parts.flatMap(({ diagnostics }) => diagnostics),
  };
}

/** The dearest of what could be the case, with the problems of all. */
export function dearestBounded(first: Bounded, ...others: readonly Bounded[]): Bounded {
  const dearest = others.reduce((best, other) => (other.node.usd > best.node.usd ? other : best), first);
  return { node: dearest.node, diagnostics: [first, ...others].flatMap(({ diagnostics }) => diagnostics) };
}

const nothing = (label: string, at: string): CostNode => sum(label, at, []);
