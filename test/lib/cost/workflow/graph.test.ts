import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stronglyConnectedComponents } from '../../../../lib/cost/workflow/graph.ts';

const componentsOf = (edges: Readonly<Record<string, readonly string[]>>) =>
  stronglyConnectedComponents({ nodes: Object.keys(edges), successorsOf: (node) => edges[node] ?? [] });

/** Nodes that lead to each other, found by asking for every pair. */
function naiveComponents(edges: Readonly<Record<string, readonly string[]>>): ReadonlySet<string> {
  const nodes = Object.keys(edges);
  const reach = (from: string): ReadonlySet<string> => {
    const reached = new Set([from]);
    for (const node of reached) for (const to of edges[node] ?? []) if (to in edges) reached.add(to);
    return reached;
  };
  const mutual = (a: string, b: string): boolean => reach(a).has(b) && reach(b).has(a);
  return new Set(
    nodes.map((node) =>
      nodes
        .filter((other) => mutual(node, other))
        .toSorted()
        .join(' '),
    ),
  );
}

const randomEdges = fc
  .array(fc.array(fc.nat(9), { maxLength: 4 }), { maxLength: 9 })
  .map((lists) => Object.fromEntries(lists.map((list, place) => [`${place}`, list.map(String)])));

describe('strongly connected components', () => {
  it('are the states that lead to each other', () => {
    fc.assert(
      fc.property(randomEdges, (edges) => {
        const found = componentsOf(edges).map((component) => component.toSorted().join(' '));

        expect(new Set(found)).toEqual(naiveComponents(edges));
        expect(new Set(found).size).toBe(found.length);
      }),
      { numRuns: 500 },
    );
  });

  it('come after all that they lead to', () => {
    fc.assert(
      fc.property(randomEdges, (edges) => {
        const components = componentsOf(edges);
        const placeOf = new Map(components.flatMap((component, place) => component.map((node) => [node, place])));
        const steps = Object.entries(edges).flatMap(([from, list]) => list.map((to) => [from, to] as const));
        const later = steps.filter(([from, to]) => to in edges && (placeOf.get(to) ?? 0) > (placeOf.get(from) ?? 0));

        expect(later).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('are found in a circle of 100,000 nodes', () => {
    const size = 100_000;
    const nodes = Array.from({ length: size }, (_, place) => `${place}`);
    const components = stronglyConnectedComponents({
      nodes,
      successorsOf: (node) => [`${(Number(node) + 1) % size}`],
    });

    expect(components.map((component) => component.length)).toEqual([size]);
  });
});
