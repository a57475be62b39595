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

  it('is of a region that exists by its name, of the one that is asked for, and of a day of the calendar', () => {
    const book = { version: 1, region: 'us-east-1', currency: 'USD', compiledOn: '2026-02-28', prices: [] };
    const problemsOf = (changed: object, region?: string) =>
      readPriceBook({ ...book, ...changed }, 'book', region).diagnostics.map(({ at, message }) => `${at} ${message}`);

    expect(problemsOf({}, 'us-east-1')).toEqual([]);
    expect(problemsOf({}, 'eu-west-1')).toEqual(['book.region is us-east-1, not eu-west-1']);
    expect(problemsOf({ region: '' })).toEqual(['book.region is "", no region such as us-east-1']);
    expect(problemsOf({ region: ['us-east-1'] })).toEqual(['book.region is a list, no region such as us-east-1']);
    expect(problemsOf({ compiledOn: '2026-02-31' })).toEqual(['book.compiledOn is no day such as 2026-11-20']);
  });

  it('is read in time linear in its rows', () => {
    const row = { unit: 'hour', usd: '1', source: 's', asOf: '2026', confidence: 'high' };
    const prices = Array.from({ length: 50_000 }, (_, index) => ({ ...row, item: `item ${index}` }));
    const book = { version: 1, region: 'us-east-1', currency: 'USD', compiledOn: '2026-02-28', prices };

    expect(readPriceBook(book, 'book').value?.prices).toHaveLength(50_000);
  }, 2_000);
});
