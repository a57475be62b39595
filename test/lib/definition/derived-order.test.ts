import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derivedOrder } from '../../../lib/definition/derived-order.ts';
import { derived } from '../../../lib/definition/index.ts';

/** Derived features by what each reads. */
const featuresOf = (reads: Readonly<Record<string, readonly string[]>>) =>
  derived(
    Object.fromEntries(
      Object.entries(reads).map(([name, [first = 'x', ...others]]) => [
        name,
        ({ feature }) => others.reduce((sum, other) => sum.plus(feature(other)), feature(first)),
      ]),
    ),
  ).features;

const orderOf = (reads: Readonly<Record<string, readonly string[]>>) => {
  const { order, cycles } = derivedOrder(featuresOf(reads));
  return { order: order.map(({ name }) => name), cycles };
};

describe('derivedOrder', () => {
  it('puts each after what it reads and leaves the rest as it was', () => {
    expect(orderOf({ a: ['b'], c: [], b: ['d'], d: [], e: ['x'] }).order).toEqual(['c', 'd', 'e', 'b', 'a']);
  });

  it('names each cycle once, by what it goes along, and nothing that only reads it', () => {
    expect(orderOf({ reader: ['a'], a: ['b'], b: ['c'], c: ['a'], self: ['self'], fine: [] })).toEqual({
      order: ['fine'],
      cycles: [['a', 'b', 'c'], ['self']],
    });
  });

  it('orders or reports everything', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const graph = fc.record(Object.fromEntries(names.map((name) => [name, fc.subarray(names, { maxLength: 2 })])));
    fc.assert(
      fc.property(graph, (reads) => {
        const { order, cycles } = orderOf(reads);

        expect(order.length === names.length).toBe(cycles.length === 0);
        expect(order.filter((name, index) => !isComputable(reads[name] ?? [], order.slice(0, index)))).toEqual([]);
        expect(cycles.filter((cycle) => !isCycle(cycle, reads))).toEqual([]);
      }),
    );
  });
});

const isComputable = (reads: readonly string[], before: readonly string[]): boolean =>
  reads.every((read) => before.includes(read));

const isCycle = (cycle: readonly string[], reads: Readonly<Record<string, readonly string[]>>): boolean =>
  cycle.every((name, index) => reads[name]?.includes(cycle[(index + 1) % cycle.length] ?? ''));
