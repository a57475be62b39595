/** A directed graph; successors may repeat. */
export interface Graph {
  readonly nodes: Iterable<string>;
  readonly successorsOf: (node: string) => Iterable<string>;
}

/**
 * The strongly connected components, in reverse topological order: a component comes after all that it leads to.
 * Successors that are no nodes of the graph are left out. Linear, and iterative: a chain may be as long as it likes.
 * Source: Tarjan, Depth-first search and linear graph algorithms, 1972.
 */
export function stronglyConnectedComponents(graph: Graph): readonly (readonly string[])[] {
  const search = new ComponentSearch(graph);
  for (const node of graph.nodes) search.visit(node);
  return search.components;
}

/** A node on the way that the search is on, with the successors it has still to look at. */
interface Frame {
  readonly node: string;
  readonly rest: Iterator<string>;
}

class ComponentSearch {
  readonly components: string[][] = [];
  readonly #nodes: ReadonlySet<string>;
  readonly #successorsOf: Graph['successorsOf'];
  readonly #order = new Map<string, number>();
  /** Earliest node that each node is known to lead back to. */
  readonly #low = new Map<string, number>();
  readonly #open: string[] = [];
  readonly #isOpen = new Set<string>();

  constructor({ nodes, successorsOf }: Graph) {
    this.#nodes = new Set(nodes);
    this.#successorsOf = successorsOf;
  }

  visit(root: string): void {
    const way: Frame[] = this.#order.has(root) ? [] : [this.#enter(root)];
    for (let frame = way.at(-1); frame !== undefined; frame = way.at(-1)) {
      const { done, value: successor } = frame.rest.next();
      if (done === true) {
        way.pop();
        this.#leave(frame.node, way.at(-1)?.node);
      } else if (this.#nodes.has(successor) && !this.#order.has(successor)) {
        way.push(this.#enter(successor));
      } else if (this.#isOpen.has(successor)) {
        this.#lower(frame.node, this.#order.get(successor));
      }
    }
  }

  #enter(node: string): Frame {
    this.#low.set(node, this.#order.size);
    this.#order.set(node, this.#order.size);
    this.#open.push(node);
    this.#isOpen.add(node);
    return { node, rest: this.#successorsOf(node)[Symbol.iterator]() };
  }

  #leave(node: string, before: string | undefined): void {
    if (before !== undefined) this.#lower(before, this.#low.get(node));
    if (this.#low.get(node) !== this.#order.get(node)) return;
    const component = this.#open.splice(this.#open.lastIndexOf(node));
    for (const member of component) this.#isOpen.delete(member);
    this.components.push(component);
  }

  #lower(node: string, order = Number.POSITIVE_INFINITY): void {
    this.#low.set(node, Math.min(this.#low.get(node) ?? order, order));
  }
}
