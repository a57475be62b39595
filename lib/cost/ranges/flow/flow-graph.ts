import type { Scope } from '../../workflow/workflow.ts';
import type { Exit } from '../states/exit.ts';
import { jsonataExits } from '../states/jsonata-exits.ts';
import { jsonpathExits } from '../states/jsonpath-exits.ts';
import type { Parse } from '../states/reading-of.ts';

/** How data flow between the states of a scope. */
export interface FlowGraph {
  readonly exitsOf: (state: string) => readonly Exit[];
  readonly exitsInto: (state: string) => readonly Exit[];
  /** Whether the state is where a circle closes: each circle of the scope has one. */
  readonly closesCircle: (state: string) => boolean;
}

export function createFlowGraph(scope: Scope, parse: Parse): FlowGraph {
  const exits = new Map<string, readonly Exit[]>();
  const entrances = new Map<string, Exit[]>();
  for (const [name, state] of scope.states) {
    const ways = state.language === 'JSONata' ? jsonataExits(state, parse) : jsonpathExits(state, parse);
    exits.set(name, ways);
    for (const way of ways) addTo(entrances, way);
  }
  const exitsOf = (state: string): readonly Exit[] => exits.get(state) ?? [];
  const heads = circleHeads(scope.states.keys(), exitsOf);
  return { exitsOf, exitsInto: (state) => entrances.get(state) ?? [], closesCircle: (state) => heads.has(state) };
}

function addTo(entrances: Map<string, Exit[]>, exit: Exit): void {
  const known = entrances.get(exit.next);
  if (known === undefined) entrances.set(exit.next, [exit]);
  else known.push(exit);
}

/** A state on the way of a depth-first walk, and the exit to follow next. */
interface Step {
  readonly state: string;
  readonly exits: readonly Exit[];
  place: number;
}

/** The states that a depth-first walk meets again while it is still on its way from them. */
function circleHeads(states: Iterable<string>, exitsOf: (state: string) => readonly Exit[]): ReadonlySet<string> {
  const heads = new Set<string>();
  const visited = new Set<string>();
  for (const root of states) {
    if (!visited.has(root)) walk(root, { exitsOf, heads, visited });
  }
  return heads;
}

interface Walk {
  readonly exitsOf: (state: string) => readonly Exit[];
  readonly heads: Set<string>;
  readonly visited: Set<string>;
}

function walk(root: string, { exitsOf, heads, visited }: Walk): void {
  const way: Step[] = [{ state: root, exits: exitsOf(root), place: 0 }];
  const onWay = new Set([root]);
  visited.add(root);
  for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
    const next = step.exits[step.place++]?.next;
    if (next === undefined) {
      way.pop();
      onWay.delete(step.state);
    } else if (onWay.has(next)) heads.add(next);
    else if (!visited.has(next)) {
      visited.add(next);
      onWay.add(next);
      way.push({ state: next, exits: exitsOf(next), place: 0 });
    }
  }
}
