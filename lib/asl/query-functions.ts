import jsonata from 'jsonata';
import { type Chance, numberFrom } from './chance.ts';
import { HASH_ALGORITHMS, type Hash, isHashAlgorithm } from './hash.ts';

/** Most elements that `$range` makes. Source: https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html (2026-11-20). */
const MAX_RANGE_LENGTH = 1_000;

/** What the functions of one transition depend on. */
export interface FunctionSource {
  /** ISO 8601 UTC: what `$now()` and `$millis()` tell. */
  readonly timestamp: string;
  readonly chance: Chance;
  readonly hash: Hash;
}

type QueryFunction = (...values: readonly unknown[]) => unknown;

const FORMAT_MILLIS = jsonata('$fromMillis(millis, picture, timezone)');
const READ_TIMESTAMP = jsonata('$toMillis(text)');
const ISO_TIME_WITHOUT_ZONE = /T\d{2}:\d{2}:\d{2}(\.\d+)?$/;

/**
 * The functions that Step Functions adds to JSONata, and those of JSONata itself that would look at clock or chance,
 * bound to the event instead.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html (2026-11-20).
 */
export function queryFunctions({ timestamp, chance, hash }: FunctionSource): Readonly<Record<string, QueryFunction>> {
  const millis = Date.parse(timestamp);
  return {
    partition,
    range,
    parse,
    hash: (text, algorithm) => digest(text, algorithm, hash),
    uuid: () => chance.uuid(),
    random: (seed) => (seed === undefined ? chance.number() : numberFrom(`seed ${wholeNumber('seed', seed)}`, hash)),
    shuffle: (items) => (items === undefined ? undefined : shuffle(list('array', items), chance)),
    millis: () => millis,
    now: (picture, timezone) => FORMAT_MILLIS.evaluate({ millis, picture, timezone }),
    toMillis,
    eval: () => {
      throw new Error('$eval is not supported by Step Functions');
    },
  };
}

function partition(items: unknown, size: unknown): unknown {
  if (items === undefined) return undefined;
  const all = list('array', items);
  const length = wholeNumber('chunk size', size);
  if (length < 1) throw new Error(`$partition: chunk size == ${length}, must be at least 1`);
  return Array.from({ length: Math.ceil(all.length / length) }, (_, chunk) =>
    all.slice(chunk * length, (chunk + 1) * length),
  );
}

/** Both ends inclusive. Like every JSONata sequence it is its element where it has one, and nothing where it has none. */
function range(first: unknown, last: unknown, step: unknown): unknown {
  const [start, end, delta] = [number('start', first), number('end', last), number('step', step)];
  if (delta === 0) throw new Error('$range: step == 0, must not be zero');
  const length = Math.max(0, Math.floor((end - start) / delta) + 1);
  if (length > MAX_RANGE_LENGTH) throw new Error(`$range: ${length} elements, at most ${MAX_RANGE_LENGTH} are allowed`);
  const elements = Array.from({ length }, (_, place) => start + place * delta);
  return length > 1 ? elements : elements[0];
}

function parse(text: unknown): unknown {
  return text === undefined ? undefined : JSON.parse(requireText('$parse', text));
}

function digest(text: unknown, algorithm: unknown, hash: Hash): string | undefined {
  if (text === undefined) return undefined;
  if (!isHashAlgorithm(algorithm)) {
    throw new Error(`$hash: algorithm == ${JSON.stringify(algorithm)}, allowed: ${HASH_ALGORITHMS.join(', ')}`);
  }
  return hash(requireText('$hash', text), algorithm);
}

/** A time without a zone is UTC whatever the machine's zone; a picture would complete the date from the clock. */
function toMillis(text: unknown, picture: unknown): unknown {
  if (picture !== undefined) throw new Error('$toMillis: a picture is not supported, only ISO 8601');
  if (typeof text !== 'string') return READ_TIMESTAMP.evaluate({ text });
  return READ_TIMESTAMP.evaluate({ text: ISO_TIME_WITHOUT_ZONE.test(text) ? `${text}Z` : text });
}

function shuffle(items: readonly unknown[], chance: Chance): readonly unknown[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(chance.number() * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other], shuffled[last]];
  }
  return shuffled;
}

function requireText(where: string, value: unknown): string {
  if (typeof value !== 'string') throw new Error(`${where}: ${JSON.stringify(value)} is not a string`);
  return value;
}

function number(what: string, value: unknown): number {
  if (typeof value !== 'number') throw new Error(`${what} == ${JSON.stringify(value)}, must be a number`);
  return value;
}

function wholeNumber(what: string, value: unknown): number {
  const checked = number(what, value);
  if (!Number.isSafeInteger(checked)) throw new Error(`${what} == ${checked}, must be an integer`);
  return checked;
}

const list = (what: string, value: unknown): readonly unknown[] => {
  if (!Array.isArray(value)) throw new Error(`${what} == ${JSON.stringify(value)}, must be an array`);
  return value;
};
