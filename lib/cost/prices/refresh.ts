import type { Checked, Diagnostic } from '../../errors/diagnostic.ts';
import { addUsd, scaleUsd, type Usd, usd, usdToDecimal } from '../../units/usd.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import type { Price, PriceBook } from '../price-book.ts';
import type { Offer, OfferFile } from './offer-file.ts';
import { IRRELEVANT_DPU_HOURS, instanceOf, isDpuHour, PRICE_SELECTIONS, withoutRegion } from './price-selection.ts';

export interface Refresh {
  readonly region: string;
  /** Day of the refresh: `2026-11-21`. */
  readonly today: string;
  readonly files: readonly OfferFile[];
  /** The book before, whose rows stay where the price list names nothing for them; only of the same region. */
  readonly before: PriceBook | undefined;
  /** Item that a usage type prices, or `ignore`, for names that are not known yet. */
  readonly usageTypes: Readonly<Record<string, string>>;
}

export type PriceChange =
  | { readonly kind: 'added'; readonly item: string; readonly usd: string }
  | { readonly kind: 'raised' | 'lowered'; readonly item: string; readonly usd: string; readonly before: string }
  /** Nothing in the price list: the row of before stays, as old as it is. */
  | { readonly kind: 'kept'; readonly item: string; readonly usd: string; readonly asOf: string };

export interface Refreshed {
  readonly book: PriceBook;
  /** Without the prices that were confirmed as they are. */
  readonly changes: readonly PriceChange[];
}

/**
 * A price book from the offer files of a region. Where several offers or tiers price one item the dearest counts and
 * the cheapest is kept beside it. A DPU-hour under a name that is not known is an error: a job could be billed by it.
 */
export function refreshPriceBook(refresh: Refresh): Checked<Refreshed> {
  const offers = refresh.files.flatMap((file) => file.offers);
  const items = itemsOf(offers, refresh);
  const diagnostics = [...unknownDpuHours(offers, items, refresh), ...unusedMappings(offers, refresh)];
  if (diagnostics.length > 0) return { diagnostics };
  const read = [...items].map(([item, priced]) => priceRow(item, priced, refresh));
  const before = refresh.before?.prices ?? [];
  const kept = before.filter(({ item }) => !items.has(item));
  const order = new Map(before.map(({ item }, index) => [item, index]));
  const rank = ({ item }: Price): number => order.get(item) ?? before.length;
  const prices = [...read, ...kept].toSorted((a, b) => rank(a) - rank(b) || (a.item < b.item ? -1 : 1));
  const book: PriceBook = {
    version: 1,
    region: refresh.region,
    currency: 'USD',
    compiledOn: refresh.today,
    prices,
  };
  return { value: { book, changes: changesOf(read, kept, before) }, diagnostics };
}

type ItemOffers = ReadonlyMap<string, readonly Offer[]>;

function itemsOf(offers: readonly Offer[], refresh: Refresh): ItemOffers {
  const items = new Map<string, Offer[]>();
  for (const offer of offers) {
    const item = itemOf(offer, refresh);
    if (item === undefined || item === 'ignore') continue;
    const priced = items.get(item);
    if (priced === undefined) items.set(item, [offer]);
    else priced.push(offer);
  }
  return items;
}

/** What the user says counts first, then names that are known, then what the book before was told. */
function itemOf(offer: Offer, { usageTypes, before }: Refresh): string | undefined {
  const told = usageTypes[offer.usageType];
  if (told !== undefined) return told;
  const instance = instanceOf(offer);
  if (instance !== undefined) return `sagemaker.instance.${instance}`;
  const name = withoutRegion(offer.usageType);
  const known = PRICE_SELECTIONS.find(({ service, usageType }) => service === offer.service && usageType.test(name));
  return known?.item ?? before?.prices.find(({ usageType }) => usageType === offer.usageType)?.item;
}

/** Per unit of AWS to per unit of the book, exactly. */
function amountOf(item: string, offer: Offer): string {
  const per = PRICE_SELECTIONS.find((selection) => selection.item === item)?.per ?? 1n;
  return usdToDecimal(scaleUsd(roundedUp(offer.usd), per));
}

/** An amount in picodollars, rounded up: a price that is read stays an upper bound. */
function roundedUp(decimal: string): Usd {
  const [, kept = decimal, rest = ''] = /^(\d+\.\d{12})(\d+)$/.exec(decimal) ?? [];
  return /[1-9]/.test(rest) ? addUsd(usd(kept), usd('0.000000000001')) : usd(kept);
}

function priceRow(item: string, offers: readonly Offer[], { before }: Refresh): Price {
  const byPrice = offers.toSorted((a, b) => (usd(amountOf(item, a)) > usd(amountOf(item, b)) ? -1 : 1));
  const [dearest] = byPrice;
  const cheapest = byPrice.findLast((offer) => roundedUp(offer.usd) > 0n) ?? dearest;
  if (dearest === undefined || cheapest === undefined) throw new RangeError(`no offer for ${item}`);
  const amount = amountOf(item, dearest);
  const other = amountOf(item, cheapest);
  const old = before?.prices.find((price) => price.item === item);
  const selection = PRICE_SELECTIONS.find((known) => known.item === item);
  return {
    item,
    unit: old?.unit ?? selection?.unit ?? (instanceOf(dearest) === undefined ? dearest.unit : 'instance-hour'),
    usd: amount,
    source: `AWS Price List, ${dearest.service}: ${dearest.description}`,
    asOf: dearest.published,
    confidence: 'high',
    usageType: dearest.usageType,
    sku: dearest.sku,
    ...(other === amount ? {} : { otherUsd: other }),
    ...(old?.note === undefined ? {} : { note: old.note }),
  };
}

function changesOf(read: readonly Price[], kept: readonly Price[], before: readonly Price[]): readonly PriceChange[] {
  const old = new Map(before.map((price) => [price.item, price.usd]));
  const moved = read.flatMap(({ item, usd: amount }): readonly PriceChange[] => {
    const was = old.get(item);
    if (was === undefined) return [{ kind: 'added', item, usd: amount }];
    if (usd(was) === usd(amount)) return [];
    return [{ kind: usd(amount) > usd(was) ? 'raised' : 'lowered', item, usd: amount, before: was }];
  });
  return [...moved, ...kept.map(({ item, usd: amount, asOf }) => ({ kind: 'kept' as const, item, usd: amount, asOf }))];
}

function unknownDpuHours(offers: readonly Offer[], items: ItemOffers, { usageTypes }: Refresh): readonly Diagnostic[] {
  const known = new Set([...items.values()].flat());
  const unknown = offers.filter(
    (offer) =>
      isDpuHour(offer) &&
      !known.has(offer) &&
      usageTypes[offer.usageType] !== 'ignore' &&
      !IRRELEVANT_DPU_HOURS.some((pattern) => pattern.test(withoutRegion(offer.usageType))),
  );
  const first = new Map(unknown.map((offer) => [offer.usageType, offer]));
  return [...first.values()].map(({ usageType, usd: amount, unit, description }) =>
    costDiagnostic('unknown-usage-type', {
      at: `AWSGlue ${usageType}`,
      message: `${amount} USD a ${unit} (${description}) has a name that is not known`,
      fix: `say what it prices: --usage-type ${usageType}=glue.etl.standard.v6_0 (or another item), or ${usageType}=ignore`,
    }),
  );
}

function unusedMappings(offers: readonly Offer[], { usageTypes, region }: Refresh): readonly Diagnostic[] {
  const seen = new Set(offers.map(({ usageType }) => usageType));
  return Object.keys(usageTypes)
    .filter((usageType) => !seen.has(usageType))
    .map((usageType) =>
      costDiagnostic('unknown-usage-type', {
        at: `--usage-type ${usageType}`,
        message: `the price list of ${region} has no such usage type`,
        fix: 'leave it out, or correct the name',
      }),
    );
}
