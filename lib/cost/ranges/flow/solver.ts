import { type AbstractValue, ANYTHING, IMPOSSIBLE } from '../values/abstract-value.ts';
import { equals } from '../values/equal.ts';
import { join, widen } from '../values/join.ts';
import { isLargerThan } from '../values/size.ts';

/** A system of equations over values, each of which may rest on others; what is not asked for is not computed. */
export interface Equations<Unknown> {
  readonly keyOf: (unknown: Unknown) => string;
  /** The value of an unknown, from those that it reads. */
  readonly valueOf: (unknown: Unknown, read: (other: Unknown) => AbstractValue) => AbstractValue;
  /** Whether it may rest on itself: every circle of unknowns has one of which this is true. */
  readonly mayGrow: (unknown: Unknown) => boolean;
}

/** Times that a value may grow before it is taken to grow for ever: what loops a few times is followed lap by lap. */
const LAPS_FOLLOWED = 6;
/** Parts of a value beyond which nothing is known of it: ends what would double with every lap. */
const MAX_SIZE = 50_000;
/** Rounds in which what was taken to grow for ever is looked at again. */
const NARROWING_ROUNDS = 2;

interface Entry<Unknown> {
  readonly unknown: Unknown;
  readonly dependents: Set<Entry<Unknown>>;
  value: AbstractValue;
  growths: number;
  isQueued: boolean;
}

/**
 * Reads values that satisfy all equations that they rest on: from impossible on, each is joined with what its equation
 * gives until none changes. Whatever the order, the end is a set of possibilities that no execution leaves. Iterative,
 * so that a chain of unknowns may be as long as it likes.
 */
export function createSolver<Unknown>(equations: Equations<Unknown>): (unknown: Unknown) => AbstractValue {
  const entries = new Map<string, Entry<Unknown>>();
  return (unknown) => {
    const known = entries.get(equations.keyOf(unknown));
    return known === undefined ? new Solution(equations, entries).solve(unknown) : known.value;
  };
}

/** One question, and all that has to be answered for it. */
class Solution<Unknown> {
  readonly #equations: Equations<Unknown>;
  readonly #entries: Map<string, Entry<Unknown>>;
  readonly #added: Entry<Unknown>[] = [];
  readonly #queue: Entry<Unknown>[] = [];
  #isWidened = false;

  constructor(equations: Equations<Unknown>, entries: Map<string, Entry<Unknown>>) {
    this.#equations = equations;
    this.#entries = entries;
  }

  solve(unknown: Unknown): AbstractValue {
    const asked = this.#entryOf(unknown);
    for (let entry = this.#queue.pop(); entry !== undefined; entry = this.#queue.pop()) this.#update(entry);
    if (this.#isWidened) this.#narrow();
    return asked.value;
  }

  #entryOf(unknown: Unknown): Entry<Unknown> {
    const key = this.#equations.keyOf(unknown);
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    const entry = { unknown, dependents: new Set<Entry<Unknown>>(), value: IMPOSSIBLE, growths: 0, isQueued: false };
    this.#entries.set(key, entry);
    this.#added.push(entry);
    this.#enqueue(entry);
    return entry;
  }

  #enqueue(entry: Entry<Unknown>): void {
    if (entry.isQueued) return;
    entry.isQueued = true;
    this.#queue.push(entry);
  }

  #update(entry: Entry<Unknown>): void {
    entry.isQueued = false;
    const found = this.#equations.valueOf(entry.unknown, (other) => {
      const read = this.#entryOf(other);
      read.dependents.add(entry);
      return read.value;
    });
    const grown = isLargerThan(MAX_SIZE, found) ? ANYTHING : this.#grow(entry, found);
    if (equals(grown, entry.value)) return;
    entry.value = grown;
    entry.growths += 1;
    for (const dependent of entry.dependents) this.#enqueue(dependent);
  }

  #grow(entry: Entry<Unknown>, found: AbstractValue): AbstractValue {
    const joined = join(entry.value, found);
    const isToWiden = entry.growths > LAPS_FOLLOWED && this.#equations.mayGrow(entry.unknown);
    if (!isToWiden || equals(joined, entry.value)) return joined;
    this.#isWidened = true;
    return widen(entry.value, joined);
  }

  /** What the equations give for values that satisfy them is possible, too, and may be less. */
  #narrow(): void {
    for (let round = 0; round < NARROWING_ROUNDS; round += 1) {
      for (const entry of this.#added.toReversed()) {
        entry.value = this.#equations.valueOf(
          entry.unknown,
          (other) => this.#entries.get(this.#equations.keyOf(other))?.value ?? ANYTHING,
        );
      }
    }
  }
}
