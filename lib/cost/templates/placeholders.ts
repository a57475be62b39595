import type { Unresolved } from '../unresolved.ts';

/** What stands in a text for a value that is not a literal. */
export type Meaning =
  | { readonly kind: 'reference'; readonly address: string }
  | { readonly kind: 'account' }
  | { readonly kind: 'unresolved'; readonly value: Unresolved }
  /** A number that a deployment chooses from an interval. */
  | { readonly kind: 'range'; readonly parameter: string; readonly bounds: readonly number[] }
  /** The parts of a text that has placeholders: how many there are in the end is not known. */
  | { readonly kind: 'pieces'; readonly pieces: readonly string[] };

const OPEN = '\uE000';
const CLOSE = '\uE001';
const FIRST_DIGIT = 0xe100;
const DIGITS = 256;
const PLACEHOLDER = /\uE000([\uE100-\uE1FF]+)\uE001/gu;
const ONE_PLACEHOLDER = /^\uE000([\uE100-\uE1FF]+)\uE001$/u;

/**
 * Values that are not known, as texts: they can be joined, split and compared like any text and are told apart in the
 * end. Written in characters of private use, which no template has and no delimiter splits.
 */
export class Placeholders {
  readonly #meanings: Meaning[] = [];
  readonly #texts = new Map<string, string>();

  /** The placeholder of a meaning; the same `key` is the same value. */
  mark(key: string, meaning: Meaning): string {
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const text = `${OPEN}${digits(this.#meanings.push(meaning) - 1)}${CLOSE}`;
    this.#texts.set(key, text);
    return text;
  }

  /** What a text that is one placeholder means; undefined for any other value. */
  meaningOf(value: unknown): Meaning | undefined {
    const found = typeof value === 'string' ? ONE_PLACEHOLDER.exec(value)?.[1] : undefined;
    return found === undefined ? undefined : this.#lookUp(found);
  }

  /** What the placeholders in a text mean, in their order. */
  meaningsIn(text: string): readonly Meaning[] {
    if (!hasPlaceholder(text)) return [];
    return [...text.matchAll(PLACEHOLDER)].flatMap(([, found = '']) => this.#lookUp(found) ?? []);
  }

  /** The text with each placeholder as `textOf` writes its meaning. */
  render(text: string, textOf: (meaning: Meaning) => string): string {
    return text.replaceAll(PLACEHOLDER, (whole, found: string) => {
      const meaning = this.#lookUp(found);
      return meaning === undefined ? whole : textOf(meaning);
    });
  }

  #lookUp(found: string): Meaning | undefined {
    const index = [...found].reduce((value, digit) => value * DIGITS + digit.charCodeAt(0) - FIRST_DIGIT, 0);
    return this.#meanings[index];
  }
}

export const hasPlaceholder = (text: string): boolean => text.includes(OPEN);

function digits(index: number): string {
  const digit = String.fromCharCode(FIRST_DIGIT + (index % DIGITS));
  return index < DIGITS ? digit : digits(Math.floor(index / DIGITS)) + digit;
}
