/** A product of an offer file, in the shape of AWS's price list. */
export interface ListedProduct {
  readonly usageType: string;
  readonly usd: string | readonly string[];
  readonly family?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly unit?: string;
}

/** A regional offer file as AWS publishes it, with only what is needed of it. */
export function offerFile(service: string, products: readonly ListedProduct[]) {
  const skus = products.map((_, index) => `SKU${index}`);
  const zip = <T>(value: (product: ListedProduct, sku: string) => T) =>
    Object.fromEntries(products.map((product, index) => [skus[index], value(product, skus[index] ?? '')]));
  return {
    formatVersion: 'v1.0',
    offerCode: service,
    version: '20261119000000',
    publicationDate: '2026-11-19T00:00:00Z',
    products: zip(({ usageType, family, attributes }, sku) => ({
      sku,
      productFamily: family ?? service,
      attributes: { servicecode: service, locationType: 'AWS Region', usagetype: usageType, ...attributes },
    })),
    terms: {
      OnDemand: zip(({ usd, unit }, sku) => ({
        [`${sku}.JRTCKXETXF`]: {
          offerTermCode: 'JRTCKXETXF',
          sku,
          effectiveDate: '2026-11-01T00:00:00Z',
          priceDimensions: Object.fromEntries(
            [usd].flat().map((amount, tier) => [
              `${sku}.JRTCKXETXF.${tier}`,
              {
                rateCode: `${sku}.JRTCKXETXF.${tier}`,
                description: `$${amount} per unit`,
                beginRange: String(tier),
                endRange: 'Inf',
                unit: unit ?? 'Units',
                appliesTo: [],
                pricePerUnit: { USD: amount },
              },
            ]),
          ),
          termAttributes: {},
        },
      })),
    },
  };
}
