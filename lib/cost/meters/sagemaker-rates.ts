import { scaleUsd, type Usd } from '../../units/usd.ts';
import { type PriceBook, priceOf } from '../price-book.ts';

/**
 * A stopped job gets SIGTERM and this many seconds before it is killed; they are billed.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StopTrainingJob.html (2026-11-20).
 */
export const STOP_SECONDS = 120;

const SECONDS_PER_HOUR = 3_600;

/** AWS divides a GB-month by 730 hours. Source: https://aws.amazon.com/sagemaker/pricing (2026-11-20). */
export const SECONDS_PER_MONTH = 730 * SECONDS_PER_HOUR;

export const VOLUME_PRICE_ITEM = 'sagemaker.ml_storage_volume';

export const instancePriceItem = (instance: string): string => `sagemaker.instance.${instance}`;

/**
 * What instances of a type are billed for, by the second.
 * @throws UserError `missing-price`
 */
export function instanceUsd(instance: string, instanceSeconds: number, book: PriceBook): Usd {
  return scaleUsd(priceOf(book, instancePriceItem(instance)), Math.ceil(instanceSeconds), SECONDS_PER_HOUR);
}

/**
 * What a volume is billed for while a job holds it.
 * @throws UserError `missing-price`
 */
export function volumeUsd(gigabytes: number, seconds: number, book: PriceBook): Usd {
  return scaleUsd(priceOf(book, VOLUME_PRICE_ITEM), gigabytes * Math.ceil(seconds), SECONDS_PER_MONTH);
}
