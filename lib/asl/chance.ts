import type { Hash } from './hash.ts';

/** Draws of one transition: a function of the event's seed and of how many were drawn before. */
export interface Chance {
  /** At least 0, less than 1. */
  readonly number: () => number;
  /** A version 4 UUID. */
  readonly uuid: () => string;
}

const FRACTION_BITS = 48;

/** At least 0, less than 1; the same text always gives the same number. */
export const numberFrom = (text: string, hash: Hash): number =>
  Number.parseInt(hash(text, 'SHA-256').slice(0, FRACTION_BITS / 4), 16) / 2 ** FRACTION_BITS;

export function createChance(seed: string, hash: Hash): Chance {
  let drawn = 0;
  const next = () => `${seed}/${drawn++}`;
  return { number: () => numberFrom(next(), hash), uuid: () => uuidFrom(hash(next(), 'SHA-256')) };
}

function uuidFrom(digest: string): string {
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `4${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
}
