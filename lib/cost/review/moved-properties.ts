import { addUsd, type Usd, ZERO_USD } from '../../units/usd.ts';
import type { BoundMoved } from './review.ts';

/** What one property moved, in both bounds. */
export interface MovedProperty {
  readonly move: BoundMoved;
  /** Signed; zero where it does not move this bound. */
  readonly run: Usd;
  readonly month: Usd;
}

/** One row a property, in the order of its greatest move; beyond `most` rows the rest is summed up. */
export interface MovedProperties {
  readonly rows: readonly MovedProperty[];
  readonly rest: { readonly count: number; readonly run: Usd; readonly month: Usd };
}

export function movedProperties(moved: readonly BoundMoved[], most: number): MovedProperties {
  const properties = new Map<string, MovedProperty>();
  for (const move of moved) {
    const { kind, path, name, from, to } = move;
    // The amount of a part that came or went is another in a month, which has it many times.
    const key = JSON.stringify(kind === 'changed' ? [kind, path, name, from, to] : [kind, path, name]);
    const row = properties.get(key) ?? { move, run: ZERO_USD, month: ZERO_USD };
    properties.set(key, { ...row, [move.bound]: addUsd(row[move.bound], move.usd) });
  }
  const rows = [...properties.values()];
  const rest = rows.slice(most);
  const sumOf = (bound: 'run' | 'month'): Usd => addUsd(...rest.map((row) => row[bound]));
  return { rows: rows.slice(0, most), rest: { count: rest.length, run: sumOf('run'), month: sumOf('month') } };
}

/** Quantities as people read them, `1,800`; anything else as it is, null as nothing. */
export const formatValue = (value: string | null): string =>
  value !== null && /^\d+$/.test(value) ? BigInt(value).toLocaleString('en-US') : (value ?? '');
