import fc from 'fast-check';
import type { ProvenLoop } from '../../lib/cost/workflow/proofs.ts';
import { costs } from './cost-flow.ts';
import type { CostlyGraph, Counter } from './walk-unroller.ts';

export interface GraphState {
  readonly type: 'Task' | 'Choice' | 'Pass' | 'Succeed' | 'Fail';
  readonly dollars: number;
  readonly retries: number;
  /** Numbers of states, counted round; none of them ends the scope. */
  readonly next: readonly number[];
  readonly caught: readonly number[];
}

export const graphState: fc.Arbitrary<GraphState> = fc.record({
  type: fc.constantFrom('Task', 'Task', 'Choice', 'Choice', 'Pass', 'Succeed', 'Fail'),
  dollars: fc.nat(4),
  retries: fc.nat(2),
  next: fc.array(fc.nat(9), { maxLength: 3 }),
  caught: fc.array(fc.nat(9), { maxLength: 1 }),
});

const nameOf = (state: number): string => `S${state}`;

/** A choice has at least one rule; every other state one successor, or none. */
function followersOf({ type, next }: GraphState, size: number): readonly number[] {
  if (type === 'Succeed' || type === 'Fail') return [];
  const targets = next.map((state) => state % size);
  return type === 'Choice' ? (targets.length > 0 ? targets : [0]) : targets.slice(0, 1);
}

const caughtBy = ({ type, caught }: GraphState, size: number): readonly number[] =>
  type === 'Task' ? caught.map((state) => state % size) : [];

/** The states as a definition. */
export function definitionOf(states: readonly GraphState[]): object {
  const entries = states.map((state, place) => [nameOf(place), fieldsOf(state, states.length)] as const);
  return { QueryLanguage: 'JSONata', StartAt: nameOf(0), States: Object.fromEntries(entries) };
}

function fieldsOf(state: GraphState, size: number): object {
  const next = followersOf(state, size).map(nameOf);
  const ending = next[0] === undefined ? { End: true } : { Next: next[0] };
  switch (state.type) {
    case 'Task':
      return {
        Type: 'Task',
        Resource: costs(state.dollars),
        Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: state.retries }],
        Catch: caughtBy(state, size).map((to) => ({ ErrorEquals: ['States.ALL'], Next: nameOf(to) })),
        ...ending,
      };
    case 'Choice':
      return { Type: 'Choice', Choices: next.map((to) => ({ Condition: '{% $x %}', Next: to })) };
    case 'Pass':
      return { Type: 'Pass', ...ending };
    case 'Succeed':
    case 'Fail':
      return { Type: state.type };
  }
}

/** The same states for the unroller, in tenths of a dollar. */
export function costlyGraphOf(states: readonly GraphState[]): CostlyGraph {
  const size = states.length;
  const all = states.map(({ type, dollars, retries }) => (type === 'Task' ? (10 * dollars + 1) * (retries + 1) : 1));
  return {
    start: 0,
    successful: states.map(({ type }, place) => (type === 'Fail' ? null : (all[place] ?? 0))),
    failing: all,
    followers: states.map((state) => followersOf(state, size)),
    catchers: states.map((state) => caughtBy(state, size)),
    isEnd: states.map((state) => state.type !== 'Choice' && followersOf(state, size).length === 0),
  };
}

/** Loops with the guards that are assumed for them; `isOpen` where one is left that has no guard. */
export interface AssumedLoops {
  readonly counters: readonly Counter[];
  readonly isOpen: boolean;
  readonly loopOf: (component: ReadonlySet<string>) => ProvenLoop | undefined;
}

/** Assumes a guard for every component that has a Choice, by `chance`; takes it out, and does the same with the rest. */
export function assumeLoops(states: readonly GraphState[], chance: number): AssumedLoops {
  const size = states.length;
  const edges = states.flatMap((state, from) =>
    [...followersOf(state, size), ...caughtBy(state, size)].map((to) => ({ from, to })),
  );
  const reached = reachableFrom(0, edges);
  const counters: Counter[] = [];
  let isOpen = false;
  const takeApart = (nodes: readonly number[], left: readonly Edge[]): void => {
    for (const members of loopsIn(nodes, left)) {
      const counter = counterOf(members, states, chance);
      const rest = left.filter(({ from, to }) => !(counter?.guard === from && counter.targets.has(to)));
      if (counter === undefined || rest.length === left.length) {
        isOpen = true;
        continue;
      }
      counters.push(counter);
      takeApart(
        [...members],
        rest.filter(({ from, to }) => members.has(from) && members.has(to)),
      );
    }
  };
  takeApart([...reached], edges);
  return {
    counters,
    isOpen,
    loopOf: (component) => {
      const counter = counterOf(new Set([...component].map((name) => Number(name.slice(1)))), states, chance);
      return counter === undefined
        ? undefined
        : {
            guard: nameOf(counter.guard),
            targets: [...counter.targets].map(nameOf),
            laps: counter.laps,
            at: `app/M.States.${nameOf(counter.guard)}`,
          };
    },
  };
}

function counterOf(members: ReadonlySet<number>, states: readonly GraphState[], chance: number): Counter | undefined {
  const choices = [...members].toSorted((a, b) => a - b).filter((place) => states[place]?.type === 'Choice');
  const inside = (place: number): number[] =>
    followersOf(states[place] as GraphState, states.length).filter((to) => members.has(to));
  const guards = choices.filter((place) => inside(place).length > 0);
  const guard = guards[chance % Math.max(guards.length, 1)];
  if (guard === undefined) return undefined;
  const targets = inside(guard);
  return {
    members,
    guard,
    targets: new Set(chance % 3 === 0 ? targets.slice(0, 1) : targets),
    laps: (chance + members.size) % 4,
  };
}

interface Edge {
  readonly from: number;
  readonly to: number;
}

function reachableFrom(start: number, edges: readonly Edge[]): ReadonlySet<number> {
  const reached = new Set([start]);
  for (let size = 0; size < reached.size; ) {
    size = reached.size;
    for (const { from, to } of edges) if (reached.has(from)) reached.add(to);
  }
  return reached;
}

/** Sets of nodes each of which leads to each other, and to itself. */
function loopsIn(nodes: readonly number[], edges: readonly Edge[]): readonly ReadonlySet<number>[] {
  const after = new Map(
    nodes.map((node) => {
      const targets = edges.filter(({ from }) => from === node).map(({ to }) => to);
      return [node, new Set(targets.flatMap((to) => [...reachableFrom(to, edges)]))] as const;
    }),
  );
  const leads = (from: number, to: number): boolean => after.get(from)?.has(to) === true;
  const inLoops = nodes.filter((node) => leads(node, node));
  const groups = inLoops.map((node) => inLoops.filter((other) => leads(node, other) && leads(other, node)));
  const distinct = new Map(groups.map((group) => [group.toSorted((a, b) => a - b).join(' '), new Set(group)] as const));
  return [...distinct.values()];
}
