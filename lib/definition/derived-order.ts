import { columnsRead } from './expression-parts.ts';
import type { Formula } from './formula.ts';

/** A derived feature: what it reads, it reads by the names of features. */
interface Derived {
  readonly name: string;
  readonly value: Formula;
}

export interface DerivedOrder<T extends Derived> {
  /** Each after what it reads, else as they were given; those on a cycle, and those that read them, are left out. */
  readonly order: readonly T[];
  /** Each cycle as the names along it, beginning with its first in the definition. */
  readonly cycles: readonly (readonly string[])[];
}

/** The order in which derived features can be computed, each only reading what is there. */
export function derivedOrder<T extends Derived>(features: readonly T[]): DerivedOrder<T> {
  const names = new Set(features.map(({ name }) => name));
  const reads = new Map(features.map(({ name, value }) => [name, readNames(value).filter((read) => names.has(read))]));
  const order: T[] = [];
  const done = new Set<string>();
  let waiting = features;
  for (let before = -1; order.length !== before; ) {
    before = order.length;
    waiting = waiting.filter((feature) => {
      if ((reads.get(feature.name) ?? []).some((read) => !done.has(read))) return true;
      order.push(feature);
      done.add(feature.name);
      return false;
    });
  }
  return { order, cycles: cyclesAmong(waiting, reads) };
}

const readNames = (value: Formula): readonly string[] =>
  value.kind === 'formula' ? [...columnsRead(value.expression)] : [];

/** Every feature that waits reads one that waits: from each, the walk along them ends in a cycle. */
function cyclesAmong(
  waiting: readonly Derived[],
  reads: ReadonlyMap<string, readonly string[]>,
): DerivedOrder<Derived>['cycles'] {
  const stuck = new Set(waiting.map(({ name }) => name));
  const seen = new Set<string>();
  return waiting.flatMap(({ name }) => {
    const walk: string[] = [];
    let at: string | undefined = name;
    while (at !== undefined && !seen.has(at)) {
      seen.add(at);
      walk.push(at);
      at = reads.get(at)?.find((read) => stuck.has(read));
    }
    const start = at === undefined ? -1 : walk.indexOf(at);
    return start < 0 ? [] : [walk.slice(start)];
  });
}
