import type { Exit } from '../states/exit.ts';

/** A state on the way of a depth-first walk, and the exit to follow next. */
interface Step {
  readonly state: string;
  readonly exits: readonly Exit[];
  place: number;
}

/** The states that a depth-first walk meets again while it is still on its way from them. */
export function circleHeads(
  states: Iterable<string>,
  exitsOf: (state: string) => readonly Exit[],
): ReadonlySet<string> {
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
