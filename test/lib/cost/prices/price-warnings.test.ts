import { describe, expect, it } from 'vitest';
import { priceWarnings } from '../../../../lib/cost/prices/price-warnings.ts';
import { leaf, sum, times } from '../../../../lib/cost/tree/cost-node.ts';
import { usd } from '../../../../lib/units/usd.ts';
import { shippedPriceBook } from '../../../support/cost-template.ts';

const book = { ...shippedPriceBook(), compiledOn: '2026-08-01' };
const priced = (item: string) => leaf({ label: item, at: item, item, price: usd(1), factors: [] });
const codesOf = (today: string, ...items: readonly string[]) =>
  priceWarnings(book, today, [
    sum('all', 'all', [times('twice', 'twice', 2, sum('some', 'some', items.map(priced)))]),
  ]).map(({ code, severity }) => `${severity} ${code}`);

describe('warnings about prices', () => {
  it('begin on the day after the stated age of 90 days', () => {
    expect(codesOf('2026-10-30')).toEqual([]);
    expect(codesOf('2026-10-31')).toEqual(['warning old-price-book']);
  });

  it('name a used price of low confidence, and no other', () => {
    expect(codesOf('2026-08-02', 'sagemaker.ml_storage_volume', 'kms.key')).toEqual(['warning uncertain-price']);
    expect(codesOf('2026-08-02', 'kms.key')).toEqual([]);
  });
});
