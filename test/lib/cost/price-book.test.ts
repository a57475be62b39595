import { describe, expect, it } from 'vitest';
import { priceOf, readPriceBook } from '../../../lib/cost/price-book.ts';
import { usdToDecimal } from '../../../lib/units/usd.ts';
import { shippedPriceBook } from '../../support/cost-template.ts';

describe('the price book', () => {
  it('has a unit, a source and a date on every row, each item once', () => {
    const { prices } = shippedPriceBook();
    expect(prices.filter(({ unit, source, asOf }) => unit === '' || source === '' || asOf === '')).toEqual([]);
    expect(new Set(prices.map(({ item }) => item)).size).toBe(prices.length);
  });

  it('keeps the larger price where sources differ', () => {
    const differing = shippedPriceBook().prices.filter(({ otherUsd }) => otherUsd !== undefined);
    expect(differing.length).toBeGreaterThan(0);
    expect(differing.filter(({ usd, otherUsd }) => Number(otherUsd) > Number(usd))).toEqual([]);
  });

  it('gives exact prices', () => {
    expect(usdToDecimal(priceOf(shippedPriceBook(), 'glue.etl.standard.v6_0'))).toBe('0.308');
  });

  it('reports every malformed row at once', () => {
    const row = { item: 'a', unit: 'hour', usd: '1', source: 's', asOf: '2026', confidence: 'high' };
    const book = {
      version: 1,
      region: 'us-east-1',
      currency: 'USD',
      compiledOn: 'yesterday',
      prices: [
        { ...row, usd: 0.3 },
        { ...row, item: 'b' },
        { ...row, item: 'c', usd: '-1' },
        null,
        { ...row, item: 'b' },
      ],
    };
    expect(readPriceBook(book, 'book').diagnostics.map(({ at }) => at)).toEqual([
      'book.compiledOn',
      'book.prices[0].usd',
      'book.prices[2].usd',
      'book.prices[3]',
      'book.prices[4].item',
    ]);
    expect(readPriceBook([], 'book').diagnostics).toHaveLength(1);
  });
});
