/** A directed graph; successors may repeat. */
export interface Graph {
  readonly nodes: readonly string[];
  readonly successorsOf: (node: string) => readonly string[];
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

/** What the search knows of a node. */
interface Visit {
  readonly node: string;
  /** Place in the order of visits; -1 for a node that was not visited yet. */
  order: number;
  /** Earliest visit that the node is known to lead back to. */
  low: number;
  /** Whether its component is still open. */
  isOpen: boolean;
  readonly successors: readonly string[];
  /** Place of the successor to look at next. */
  place: number;
}

class ComponentSearch {
  readonly components: string[][] = [];
  readonly #visits: ReadonlyMap<string, Visit>;
  readonly #open: Visit[] = [];
  #count = 0;

  constructor({ nodes, successorsOf }: Graph) {
    this.#visits = new Map(
      nodes.map((node) => [
        node,
        { node, order: -1, low: -1, isOpen: false, successors: successorsOf(node), place: 0 },
      ]),
    );
  }

  visit(root: string): void {
    const way: Visit[] = [];
    this.#enter(this.#visits.get(root), way);
    for (let visit = way.at(-1); visit !== undefined; visit = way.at(-1)) {
      if (visit.place === visit.successors.length) {
        way.pop();
        this.#leave(visit, way.at(-1));
      } else {
        const successor = this.#visits.get(visit.successors[visit.place++] ?? '');
        if (successor?.isOpen === true) visit.low = Math.min(visit.low, successor.order);
        else this.#enter(successor, way);
      }
    }
  }

  /** Nothing for a node that was visited before, or is none. */
  #enter(visit: Visit | undefined, way: Visit[]): void {
    if (visit === undefined || visit.order >= 0) return;
    visit.order = this.#count;
    visit.low = this.#count;
    visit.isOpen = true;
    this.#count += 1;
    this.#open.push(visit);
    way.push(visit);
  }

  #leave(visit: Visit, before: Visit | undefined): void {
    if (before !== undefined) before.low = Math.min(before.low, visit.low);
    if (visit.low !== visit.order) return;
    const component = this.#open.splice(this.#open.lastIndexOf(visit));
    for (const member of component) member.isOpen = false;
    this.components.push(component.map(({ node }) => node));
  }
}
