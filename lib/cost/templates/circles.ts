/**
 * Circles of a directed graph, each as its nodes in order: every node that lies on some circle is on at most one of
 * those that are returned, and without their nodes the graph has no circle. Iterative: paths may be long.
 */
export function findCircles(graph: ReadonlyMap<string, ReadonlySet<string>>): readonly (readonly string[])[] {
  const remaining = new Remaining(graph);
  const circles: (readonly string[])[] = [];
  for (let start = remaining.first(); start !== undefined; start = remaining.first()) {
    const circle = circleFrom(start, remaining);
    circles.push(circle);
    remaining.remove(circle);
  }
  return circles;
}

/** Follows edges until a node comes again: each remaining node has one. */
function circleFrom(start: string, remaining: Remaining): readonly string[] {
  const places = new Map<string, number>();
  let node = start;
  while (!places.has(node)) {
    places.set(node, places.size);
    node = remaining.successor(node);
  }
  return [...places.keys()].slice(places.get(node));
}

/** The nodes from which a circle can be reached. */
class Remaining {
  readonly #graph: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #predecessors = new Map<string, string[]>();
  /** How many remaining successors each remaining node has. */
  readonly #counts = new Map<string, number>();

  constructor(graph: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#graph = graph;
    for (const [node, successors] of graph) {
      const known = [...successors].filter((successor) => graph.has(successor));
      this.#counts.set(node, known.length);
      for (const successor of known) this.#connect(node, successor);
    }
    this.remove([...this.#counts].filter(([, count]) => count === 0).map(([node]) => node));
  }

  first(): string | undefined {
    return this.#counts.keys().next().value;
  }

  successor(node: string): string {
    for (const successor of this.#graph.get(node) ?? []) if (this.#counts.has(successor)) return successor;
    return node;
  }

  /** Removes nodes, and then every node that has no successor left. */
  remove(nodes: readonly string[]): void {
    const pending = [...nodes];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (!this.#counts.delete(node)) continue;
      for (const before of this.#predecessors.get(node) ?? []) {
        const count = this.#counts.get(before);
        if (count === undefined) continue;
        this.#counts.set(before, count - 1);
        if (count === 1) pending.push(before);
      }
    }
  }

  #connect(node: string, successor: string): void {
    const before = this.#predecessors.get(successor);
    if (before === undefined) this.#predecessors.set(successor, [node]);
    else before.push(node);
  }
}
