import { describe, expect, it } from 'vitest';
import type { PriceBook } from '../../../../lib/cost/price-book.ts';
import { readPriceBook } from '../../../../lib/cost/price-book.ts';
import { type OfferFile, readOfferFile } from '../../../../lib/cost/prices/offer-file.ts';
import { type Refresh, refreshPriceBook } from '../../../../lib/cost/prices/refresh.ts';
import { must } from '../../../../lib/errors/fault.ts';
import { shippedPriceBook } from '../../../support/cost-template.ts';
import { type ListedProduct, offerFile } from '../../../support/offer-file.ts';

const GLUE = { usageType: 'USE1-ETL-DPU-Hour', usd: '0.4400000000' };

const fileOf = (service: string, ...products: readonly ListedProduct[]): OfferFile =>
  must(readOfferFile(offerFile(service, products), service).value, 'a readable offer file');

const refreshOf = (files: readonly OfferFile[], change: Partial<Refresh> = {}) =>
  refreshPriceBook({ region: 'us-east-1', today: '2026-11-21', files, before: undefined, usageTypes: {}, ...change });

const pricesOf = (book: PriceBook) => Object.fromEntries(book.prices.map(({ item, usd }) => [item, usd]));

describe('a refreshed price book', () => {
  it('takes what the price list names, each in the unit of the book', () => {
    const files = [
      fileOf('AWSGlue', GLUE),
      fileOf('AmazonStates', { usageType: 'USE1-StateTransition', usd: '0.0000250000' }),
      fileOf('AWSEvents', { usageType: 'USE1-ScheduledInvocation', usd: '0.0000010000' }),
      fileOf('awskms', { usageType: 'us-east-1-KMS-Keys', usd: '1.0000000000' }),
    ];
    const { book } = must(refreshOf(files).value, 'a book');

    expect(pricesOf(book)).toEqual({
      'glue.etl.standard.v5_1_and_earlier': '0.44',
      'stepfunctions.standard.transition': '0.000025',
      'eventbridge.scheduler.invocation': '1',
      'kms.key': '1',
    });
    expect(readPriceBook(JSON.parse(JSON.stringify(book)), 'book').diagnostics).toEqual([]);
  });

  it('prices an instance by the dearer of training and processing, and keeps the other beside it', () => {
    const instance = (component: string, usd: string, change: Readonly<Record<string, string>> = {}) => ({
      usageType: `USE1-${component}:ml.m5.xlarge`,
      usd,
      family: 'ML Instance',
      attributes: { instanceName: 'ml.m5.xlarge', component, ...change },
    });
    const file = fileOf(
      'AmazonSageMaker',
      instance('Training', '0.2300000000'),
      instance('Processing', '0.2400000000'),
      instance('Notebook', '9.0000000000'),
      instance('Training', '8.0000000000', { locationType: 'AWS Outposts' }),
    );
    const { book } = must(refreshOf([file]).value, 'a book');

    expect(book.prices).toMatchObject([
      { item: 'sagemaker.instance.ml.m5.xlarge', usd: '0.24', otherUsd: '0.23', unit: 'instance-hour' },
    ]);
  });

  it('takes the dearest tier: a run may be billed by it', () => {
    const file = fileOf('AWSLambda', { usageType: 'Lambda-GB-Second-ARM', usd: ['0.0000133334', '0.0000106667', '0'] });

    expect(pricesOf(must(refreshOf([file]).value, 'a book').book)).toEqual({ 'lambda.gb_second.arm': '0.0000133334' });
  });

  it('refuses every DPU-hour whose name is not known, at once, and says how to name it', () => {
    const file = fileOf(
      'AWSGlue',
      GLUE,
      { usageType: 'USE1-ETL-V6-DPU-Hour', usd: '0.308' },
      { usageType: 'USE1-Mem-DPU-Hour', usd: '0.52' },
    );
    const { value, diagnostics } = refreshOf([file]);

    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code, at }) => [code, at])).toEqual([
      ['unknown-usage-type', 'AWSGlue USE1-ETL-V6-DPU-Hour'],
      ['unknown-usage-type', 'AWSGlue USE1-Mem-DPU-Hour'],
    ]);
    expect(diagnostics[0]?.fix).toContain('--usage-type USE1-ETL-V6-DPU-Hour=');
  });

  it('learns a name from the user, and remembers it in the book', () => {
    const file = fileOf('AWSGlue', GLUE, { usageType: 'USE1-ETL-V6-DPU-Hour', usd: '0.308' });
    const usageTypes = { 'USE1-ETL-V6-DPU-Hour': 'glue.etl.standard.v6_0' };
    const { book } = must(refreshOf([file], { usageTypes }).value, 'a book');
    const again = refreshOf([fileOf('AWSGlue', GLUE, { usageType: 'USE1-ETL-V6-DPU-Hour', usd: '0.3' })], {
      before: book,
    });

    expect(pricesOf(book)).toMatchObject({ 'glue.etl.standard.v6_0': '0.308' });
    expect(must(again.value, 'a book').changes).toEqual([
      { kind: 'lowered', item: 'glue.etl.standard.v6_0', usd: '0.3', before: '0.308' },
    ]);
    expect(refreshOf([file], { usageTypes: { 'USE1-ETL-V6-DPU-Hour': 'ignore' } }).diagnostics).toEqual([]);
  });

  it('refuses a mapping of a name that the list does not have', () => {
    expect(refreshOf([fileOf('AWSGlue', GLUE)], { usageTypes: { nonsense: 'kms.key' } }).diagnostics).toMatchObject([
      { code: 'unknown-usage-type', at: '--usage-type nonsense' },
    ]);
  });

  it('keeps what the list does not name, as old as it is, and says so', () => {
    const before = shippedPriceBook();
    const { book, changes } = must(refreshOf([fileOf('AWSGlue', { ...GLUE, usd: '0.5' })], { before }).value, 'a book');
    const glue = 'glue.etl.standard.v5_1_and_earlier';

    expect(book.prices.map(({ item }) => item)).toEqual(before.prices.map(({ item }) => item));
    expect(changes[0]).toEqual({ kind: 'raised', item: glue, usd: '0.5', before: '0.44' });
    expect(changes.filter(({ kind }) => kind === 'kept')).toHaveLength(before.prices.length - 1);
    expect(book.prices.find(({ item }) => item === 'kms.key')).toEqual(
      before.prices.find(({ item }) => item === 'kms.key'),
    );
  });

  it('rounds a price of more than twelve places up, never down', () => {
    const file = fileOf('awskms', { usageType: 'us-east-1-KMS-Requests', usd: '0.0000030000001' });

    expect(pricesOf(must(refreshOf([file]).value, 'a book').book)).toEqual({ 'kms.request': '0.000003000001' });
  });
});

describe('an offer file', () => {
  it.each([
    ['no object', []],
    ['no terms', { products: {}, offerCode: 'AWSGlue', publicationDate: '2026-11-19' }],
    ['no date', { products: {}, terms: { OnDemand: {} }, offerCode: 'AWSGlue' }],
  ])('is refused with %s', (_, json) => {
    expect(readOfferFile(json, 'file').diagnostics).toMatchObject([{ code: 'malformed-price-list' }]);
  });

  it('reports every product that cannot be read', () => {
    const file = offerFile('AWSGlue', [{ usageType: 'A', usd: 'free' }, { usageType: 'B', usd: '1' }, GLUE]);
    const products = { ...file.products, SKU1: { sku: 'SKU1' } };

    expect(readOfferFile({ ...file, products }, 'file').diagnostics.map(({ at }) => at)).toEqual([
      'file.products.SKU0',
      'file.products.SKU1',
    ]);
  });
});
