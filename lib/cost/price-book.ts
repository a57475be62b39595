import type { Checked, Diagnostic } from '../errors/diagnostic.ts';
import { UserError } from '../errors/user-error.ts';
import { type Usd, usd } from '../units/usd.ts';

/** One dated price. `usd` is an exact decimal; where sources differ it is the larger, the other stays in `otherUsd`. */
export interface Price {
  /** Dotted name of what is billed, for example `glue.etl.standard.v6_0`. */
  readonly item: string;
  readonly unit: string;
  readonly usd: string;
  readonly source: string;
  /** When the source was read or published. */
  readonly asOf: string;
  readonly confidence: string;
  readonly usageType?: string;
  readonly sku?: string;
  readonly otherUsd?: string;
  readonly note?: string;
}

/** On-demand prices of one region, compiled on one day. */
export interface PriceBook {
  readonly version: 1;
  readonly region: string;
  readonly currency: 'USD';
  readonly compiledOn: string;
  readonly prices: readonly Price[];
}

const PRICE_FIELDS = ['item', 'unit', 'usd', 'source', 'asOf', 'confidence'] as const;

/** Reads a price book from its file's text, see `readPriceBook`. */
export function parsePriceBook(text: string, at: string, region: string): Checked<PriceBook> {
  try {
    return readPriceBook(JSON.parse(text), at, region);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { diagnostics: [malformed(at, `is no JSON: ${error.message}`)] };
  }
}

/**
 * Reads a price book from parsed JSON; every malformed row is reported.
 *
 * @param region whose prices they have to be; any region's where it is not given
 */
export function readPriceBook(json: unknown, at: string, region?: string): Checked<PriceBook> {
  if (!isRecord(json) || json['version'] !== 1 || !Array.isArray(json['prices'])) {
    return { diagnostics: [malformed(at, 'is no price book of version 1')] };
  }
  const prices: readonly unknown[] = json['prices'];
  const diagnostics = [
    ...checkRegion(json['region'], `${at}.region`, region),
    ...(json['currency'] === 'USD' ? [] : [malformed(`${at}.currency`, 'is not USD')]),
    ...(isDay(json['compiledOn']) ? [] : [malformed(`${at}.compiledOn`, 'is no day such as 2026-11-20')]),
    ...prices.flatMap((price, index) => checkPrice(price, `${at}.prices[${index}]`)),
    ...repeatedItems(prices, at),
  ];
  // The shape was checked field by field just above.
  return diagnostics.length === 0 ? { value: json as unknown as PriceBook, diagnostics } : { diagnostics };
}

const INDEXES = new WeakMap<PriceBook, ReadonlyMap<string, Usd>>();

/** A book is read thousands of times for one bound: its index is made once. */
function amountsByItem(book: PriceBook): ReadonlyMap<string, Usd> {
  const known = INDEXES.get(book);
  if (known !== undefined) return known;
  const index = new Map(book.prices.map((price) => [price.item, usd(price.usd)]));
  INDEXES.set(book, index);
  return index;
}

/** The on-demand price of one unit of `item`, or undefined where the book has none. */
export function findPrice(book: PriceBook, item: string): Usd | undefined {
  return amountsByItem(book).get(item);
}

/**
 * The on-demand price of one unit of `item`.
 * @throws UserError `missing-price`: a price that is not in the book is an error, never zero.
 */
export function priceOf(book: PriceBook, item: string): Usd {
  const price = findPrice(book, item);
  if (price === undefined) {
    throw new UserError({
      code: 'missing-price',
      message: `the price book of ${book.region}, compiled on ${book.compiledOn}, has no price for ${item}`,
      resolution: `hundredfold prices refresh --region ${book.region}, or add a row with unit, price, source and date to prices/${book.region}.json`,
    });
  }
  return price;
}

function checkRegion(region: unknown, at: string, expected: string | undefined): readonly Diagnostic[] {
  if (typeof region !== 'string' || !/^[a-z0-9-]+$/.test(region)) {
    return [malformed(at, `is ${textOf(region)}, no region such as us-east-1`)];
  }
  return expected === undefined || region === expected ? [] : [malformed(at, `is ${region}, not ${expected}`)];
}

function checkPrice(price: unknown, at: string): readonly Diagnostic[] {
  if (!isRecord(price)) return [malformed(at, 'is no object')];
  const missing = PRICE_FIELDS.filter((field) => typeof price[field] !== 'string').map((field) =>
    malformed(`${at}.${field}`, `is ${textOf(price[field])}, not a text`),
  );
  if (missing.length > 0) return missing;
  return /^\d+(\.\d{1,12})?$/.test(String(price['usd']))
    ? []
    : [malformed(`${at}.usd`, `is ${textOf(price['usd'])}, not a decimal of at most 12 places`)];
}

/** What stands where something else should, in a few words. */
function textOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  return isRecord(value) ? 'an object' : JSON.stringify(value);
}

/** A day of the calendar: the 31st of February is none. */
function isDay(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(value);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** An item that has two prices has none. */
function repeatedItems(prices: readonly unknown[], at: string): readonly Diagnostic[] {
  const known = new Set<unknown>();
  return prices.flatMap((price, index) => {
    const item = isRecord(price) ? price['item'] : undefined;
    if (typeof item !== 'string') return [];
    const isRepeated = known.has(item);
    known.add(item);
    return isRepeated ? [malformed(`${at}.prices[${index}].item`, `repeats ${item}`)] : [];
  });
}

function malformed(at: string, message: string): Diagnostic {
  return { code: 'malformed-price-book', severity: 'error', at, message, fix: 'restore the file, or correct this row' };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
