import type { Checked, Diagnostic } from '../../errors/diagnostic.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { isObject, type JsonObject, objectIn } from '../json-object.ts';

/** One on-demand price of AWS's price list: a product, and one tier of its rate. */
export interface Offer {
  readonly service: string;
  readonly sku: string;
  /** As AWS bills it, with the region's prefix: `APS1-ETL-DPU-Hour`. */
  readonly usageType: string;
  readonly productFamily: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly unit: string;
  /** Exact decimal; AWS writes ten places. */
  readonly usd: string;
  readonly description: string;
  /** Day on which AWS published the list: `2026-11-19`. */
  readonly published: string;
}

/** The offers of one file, which may repeat a product for each tier of its rate. */
export interface OfferFile {
  readonly service: string;
  readonly published: string;
  readonly offers: readonly Offer[];
}

/**
 * Reads a regional offer file of AWS's price list (`index.json`): `products[sku]`, `terms.OnDemand[sku][term]
 * .priceDimensions[rateCode]`. Every product that cannot be read is reported; other currencies are left out.
 * Source: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html (2026-11-21).
 */
export function readOfferFile(json: unknown, at: string): Checked<OfferFile> {
  if (!isObject(json) || !isObject(json['products']) || !isObject(objectIn(json, 'terms')['OnDemand'])) {
    return { diagnostics: [malformed(at, 'is no offer file: it has no products and terms.OnDemand')] };
  }
  const header = ['offerCode', 'publicationDate'].filter((field) => typeof json[field] !== 'string');
  if (header.length > 0) return { diagnostics: header.map((field) => malformed(`${at}.${field}`, 'is no text')) };
  const service = String(json['offerCode']);
  const published = String(json['publicationDate']).slice(0, 10);
  const onDemand = objectIn(objectIn(json, 'terms'), 'OnDemand');
  const read = Object.entries(json['products']).map(([sku, product]) =>
    readProduct({ sku, product, terms: onDemand[sku], service, published, at: `${at}.products.${sku}` }),
  );
  const diagnostics = read.flatMap((product) => product.diagnostics);
  const offers = read.flatMap((product) => product.value ?? []);
  return diagnostics.length > 0 ? { diagnostics } : { value: { service, published, offers }, diagnostics };
}

interface ProductEntry {
  readonly sku: string;
  readonly product: unknown;
  /** Absent where the product cannot be had on demand. */
  readonly terms: unknown;
  readonly service: string;
  readonly published: string;
  readonly at: string;
}

function readProduct({ sku, product, terms, service, published, at }: ProductEntry): Checked<readonly Offer[]> {
  if (!isObject(product) || !isObject(product['attributes'])) {
    return { diagnostics: [malformed(at, 'has no attributes')] };
  }
  if (terms === undefined) return { value: [], diagnostics: [] };
  const attributes = textsOf(product['attributes']);
  const usageType = attributes['usagetype'];
  if (usageType === undefined) return { diagnostics: [malformed(`${at}.attributes.usagetype`, 'is no text')] };
  const rates = dimensionsOf(terms).map((dimension) => readRate(dimension, at));
  const diagnostics = rates.flatMap((rate) => rate.diagnostics);
  const productFamily = String(product['productFamily'] ?? '');
  const offers = rates.flatMap(({ value }) =>
    value === undefined ? [] : [{ service, sku, usageType, productFamily, attributes, published, ...value }],
  );
  return { value: offers, diagnostics };
}

const dimensionsOf = (terms: unknown): readonly unknown[] =>
  Object.values(isObject(terms) ? terms : {}).flatMap((term) =>
    Object.values(isObject(term) ? objectIn(term, 'priceDimensions') : {}),
  );

type Rate = Pick<Offer, 'unit' | 'usd' | 'description'>;

function readRate(dimension: unknown, at: string): Checked<Rate> {
  const amounts = isObject(dimension) ? objectIn(dimension, 'pricePerUnit') : {};
  if (!isObject(dimension) || Object.keys(amounts).length === 0) {
    return { diagnostics: [malformed(at, 'has a rate without pricePerUnit')] };
  }
  const { USD: amount } = amounts;
  if (amount === undefined) return { diagnostics: [] };
  if (typeof amount !== 'string' || !/^\d+(\.\d+)?$/.test(amount)) {
    return { diagnostics: [malformed(at, `has the price ${JSON.stringify(amount)}, no decimal`)] };
  }
  const { unit, description } = dimension;
  return { value: { unit: String(unit ?? ''), usd: amount, description: String(description ?? '') }, diagnostics: [] };
}

const textsOf = (attributes: JsonObject): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );

const malformed = (at: string, message: string): Diagnostic =>
  costDiagnostic('malformed-price-list', { at, message, fix: 'download the offer file again' });
