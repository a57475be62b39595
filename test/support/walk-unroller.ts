/** A graph of states that cost something, and loops in it that are entered a limited number of times. */
export interface CostlyGraph {
  readonly start: number;
  /** What each state costs when it ends well, and when it fails: whoever fails can end there. */
  readonly successful: readonly (number | null)[];
  readonly failing: readonly number[];
  /** States that follow success, and those that follow failure. */
  readonly followers: readonly (readonly number[])[];
  readonly catchers: readonly (readonly number[])[];
  readonly isEnd: readonly boolean[];
}

/** States of a loop, the guard in it, and how often its guarded steps may be taken before the loop is left. */
export interface Counter {
  readonly members: ReadonlySet<number>;
  readonly guard: number;
  readonly targets: ReadonlySet<number>;
  readonly laps: number;
}

/** What the dearest walks cost: to any end, and to success. */
export interface Dearest {
  readonly anyhow: number;
  /** Minus infinity where no walk succeeds. */
  readonly successful: number;
}

/**
 * The dearest walks, by unrolling: every walk is followed with a count for each loop, which begins anew where the loop
 * is entered from outside. Naive on purpose: it knows nothing of components, orders or laps that are alike.
 */
export function unroll(graph: CostlyGraph, counters: readonly Counter[]): Dearest {
  const known = new Map<string, Dearest>();
  const from = (state: number, counts: readonly number[]): Dearest => {
    const key = `${state} ${counts.join(' ')}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const onward = waysFrom(graph, state).flatMap(({ to, cost }) => {
      const next = step(state, to, counts, counters);
      return next === null ? [] : [plus(from(to, next), cost)];
    });
    const dearest = [endAt(graph, state), ...onward].reduce(dearer);
    known.set(key, dearest);
    return dearest;
  };
  return from(
    graph.start,
    counters.map(() => 0),
  );
}

const plus = ({ anyhow, successful }: Dearest, cost: number): Dearest => ({
  anyhow: anyhow + cost,
  successful: successful + cost,
});

const dearer = (one: Dearest, other: Dearest): Dearest => ({
  anyhow: Math.max(one.anyhow, other.anyhow),
  successful: Math.max(one.successful, other.successful),
});

function endAt({ successful, failing, isEnd }: CostlyGraph, state: number): Dearest {
  const success = isEnd[state] === true ? (successful[state] ?? Number.NEGATIVE_INFINITY) : Number.NEGATIVE_INFINITY;
  return { anyhow: Math.max(failing[state] ?? 0, success), successful: success };
}

function waysFrom(graph: CostlyGraph, state: number): readonly { readonly to: number; readonly cost: number }[] {
  const success = graph.successful[state] ?? null;
  const followers = success === null ? [] : (graph.followers[state] ?? []).map((to) => ({ to, cost: success }));
  return [...followers, ...(graph.catchers[state] ?? []).map((to) => ({ to, cost: graph.failing[state] ?? 0 }))];
}

/** The counts after a step, or null where a guard refuses it. A loop is also entered anew by a lap of a loop around it. */
function step(from: number, to: number, counts: readonly number[], counters: readonly Counter[]): number[] | null {
  const taken = counters.findIndex(
    ({ members, guard, targets }) => guard === from && targets.has(to) && members.has(to),
  );
  const next = counters.map(({ members }, place) => {
    const isWithin = members.has(from) && members.has(to) && (taken === -1 || place <= taken);
    return isWithin ? (counts[place] ?? 0) : 0;
  });
  if (taken === -1) return next;
  const count = (next[taken] ?? 0) + 1;
  next[taken] = count;
  return count > (counters[taken]?.laps ?? 0) ? null : next;
}
