import type { Diagnostic } from '../../errors/diagnostic.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import type { PriceBook } from '../price-book.ts';
import type { CostNode } from '../tree/cost-node.ts';

/** A book that was compiled longer ago than this is questioned in every review. AWS changed Glue's price within 2026. */
export const STATED_AGE_DAYS = 90;

const MILLISECONDS_PER_DAY = 86_400_000;
const UNCERTAIN = /^low/;

/** What is questionable about the prices of a bound: the age of the book, and used rows whose source is weak. */
export function priceWarnings(book: PriceBook, today: string, trees: readonly CostNode[]): readonly Diagnostic[] {
  return [...ageWarnings(book, today), ...uncertainPrices(book, itemsOf(trees))];
}

function ageWarnings({ region, compiledOn }: PriceBook, today: string): readonly Diagnostic[] {
  const age = Math.floor((Date.parse(today) - Date.parse(compiledOn)) / MILLISECONDS_PER_DAY);
  if (age <= STATED_AGE_DAYS) return [];
  const warning = costDiagnostic('old-price-book', {
    at: `prices of ${region}`,
    message: `compiled on ${compiledOn}, ${age} days ago; the stated age is ${STATED_AGE_DAYS} days`,
    fix: `hundredfold prices refresh --region ${region}`,
  });
  return [warning];
}

function uncertainPrices(book: PriceBook, items: ReadonlySet<string>): readonly Diagnostic[] {
  return book.prices
    .filter(({ item, confidence }) => items.has(item) && UNCERTAIN.test(confidence))
    .map(({ item, usd, unit, source, confidence }) =>
      costDiagnostic('uncertain-price', {
        at: `prices of ${book.region}: ${item}`,
        message: `$${usd} a ${unit} is known with ${confidence} confidence, from ${source}`,
        fix: `hundredfold prices refresh --region ${book.region}`,
      }),
    );
}

/** Rows of the book that the trees use. */
function itemsOf(trees: readonly CostNode[]): ReadonlySet<string> {
  const items = new Set<string>();
  const open = [...trees];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === 'leaf') items.add(node.item);
    else if (node.kind === 'times') open.push(node.child);
    else open.push(...node.children);
  }
  return items;
}
