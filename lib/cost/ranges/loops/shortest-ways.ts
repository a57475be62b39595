/** A way from one state to another, with a length of zero or more. */
export interface Way {
  readonly from: string;
  readonly to: string;
  readonly length: number;
}

/** The shortest distance from each state to `target`; a state from which nothing leads there has none. */
export function distancesTo(target: string, ways: readonly Way[]): ReadonlyMap<string, number> {
  const waysInto = Map.groupBy(ways, ({ to }) => to);
  const distances = new Map<string, number>();
  const frontier = new Map<number, string[]>([[0, [target]]]);
  while (frontier.size > 0) {
    const distance = Math.min(...frontier.keys());
    const states = frontier.get(distance) ?? [];
    const state = states.pop();
    if (state === undefined) {
      frontier.delete(distance);
    } else if (!distances.has(state)) {
      distances.set(state, distance);
      for (const { from, length } of waysInto.get(state) ?? []) reach(frontier, from, distance + length);
    }
  }
  return distances;
}

function reach(frontier: Map<number, string[]>, state: string, distance: number): void {
  const known = frontier.get(distance);
  if (known === undefined) frontier.set(distance, [state]);
  else known.push(state);
}
