import { stronglyConnectedComponents } from '../../workflow/graph.ts';
import type { ProvenLoop } from '../../workflow/proofs.ts';
import type { DataFlow, ScopeFlow } from '../flow/data-flow.ts';
import type { Exit } from '../states/exit.ts';
import { type ComparisonOperator, type Offset, quantizeDown } from '../values/number-range.ts';
import { type Fact, type Place, placeKey } from '../view.ts';
import { type Counter, exitsInside, type Loop, readCounter } from './counter.ts';
import { countLaps } from './laps.ts';
import { distancesTo } from './shortest-ways.ts';

/** Counting up towards an upper limit is 1, counting down towards a lower one -1: then all numbers are negated. */
type Direction = 1 | -1;

/** The comparison of a place that an exit of a Choice requires. */
interface Guard {
  readonly exit: Exit;
  readonly place: Place;
  readonly direction: Direction;
  readonly comparison: NonNullable<Fact['comparison']>;
}

/**
 * A counter that limits how often the loop can go round: a place that is compared where a Choice lets the loop go on,
 * that holds a number from the entrance on, and that all circles through the Choice bring nearer to the limit. Of
 * several counters the one with the fewest laps of those without whose guarded ways the loop falls apart.
 */
export function proveLoop(component: ReadonlySet<string>, flow: ScopeFlow, data: DataFlow): ProvenLoop | undefined {
  const loop: Loop = { component, flow, data };
  const guards = Map.groupBy(guardsIn(loop), guardKey);
  const counters = new Map<string, Counter | null>();
  const counterAt = (place: Place): Counter | null => {
    const key = placeKey(place);
    const counter = counters.has(key) ? (counters.get(key) ?? null) : readCounter(place, loop);
    counters.set(key, counter);
    return counter;
  };
  const proven = [...guards.values()].flatMap((group) => proveGuards(group, counterAt, loop));
  return proven.toSorted((one, other) => one.laps - other.laps).find((proof) => breaks(loop, proof));
}

/** Whether some state of the loop cannot be come back to without the guarded ways. */
function breaks({ component, flow }: Loop, { guard, targets }: ProvenLoop): boolean {
  const successorsOf = (state: string): readonly string[] =>
    flow.graph
      .exitsOf(state)
      .map(({ next }) => next)
      .filter((next) => state !== guard || !targets.includes(next));
  const [largest] = stronglyConnectedComponents({ nodes: [...component], successorsOf });
  return component.size === 1 || largest?.length !== component.size;
}

const guardsIn = (loop: Loop): readonly Guard[] =>
  exitsInside(loop).flatMap((exit) =>
    exit
      .facts()
      .flatMap(({ place, comparison }) =>
        comparison === undefined ? [] : [{ exit, place, direction: directionOf(comparison.operator), comparison }],
      ),
  );

const directionOf = (operator: ComparisonOperator): Direction => (operator === '<' || operator === '<=' ? 1 : -1);

const guardKey = ({ exit, place, direction }: Guard): string =>
  [exit.from.name, direction, placeKey(place)].join('\u0000');

/** The proof that the guards of one Choice on one place give, if they do. */
function proveGuards(
  guards: readonly Guard[],
  counterAt: (place: Place) => Counter | null,
  loop: Loop,
): readonly ProvenLoop[] {
  const [guard] = guards;
  const exits = guard === undefined ? [] : guardedExits(guards, guard.exit.from.name, loop);
  const counter = guard === undefined || exits.length === 0 ? null : counterAt(guard.place);
  if (guard === undefined || counter === null) return [];
  const counting = countingOf(guard, exits, { counter, loop });
  if (counting === null) return [];
  const limits = exits.map((exit) =>
    lapsOf(
      guards.filter((other) => other.exit === exit),
      counting,
      loop,
    ),
  );
  if (!limits.every((laps) => laps !== undefined)) return [];
  const laps = Math.max(...limits);
  const at = exits[limits.indexOf(laps)]?.at ?? guard.exit.at;
  return [{ guard: guard.exit.from.name, targets: [...new Set(exits.map(({ next }) => next))], laps, at }];
}

/** The exits that are guarded, and lead where no unguarded exit of the Choice does. */
function guardedExits(guards: readonly Guard[], choice: string, { component, flow }: Loop): readonly Exit[] {
  const guarded = new Set(guards.map(({ exit }) => exit));
  const exits = flow.graph.exitsOf(choice).filter(({ next }) => component.has(next));
  const open = new Set(exits.filter((exit) => !guarded.has(exit)).map(({ next }) => next));
  return exits.filter(({ next }) => !open.has(next));
}

interface Counted {
  readonly counter: Counter;
  readonly loop: Loop;
}

/** Where the counter begins at the Choice, and how much nearer to the limit it is at least from one time to the next. */
function countingOf(
  { exit: { from }, direction }: Guard,
  guarded: readonly Exit[],
  { counter: { steps, neverTaken, entrances }, loop }: Counted,
): { readonly start: number; readonly step: number } | null {
  const lengthOf = (exit: Exit): number => progress(steps.get(exit), direction);
  const taken = exitsInside(loop).filter((exit) => !neverTaken.has(exit));
  const ways = taken.map((exit) => ({ from: exit.from.name, to: exit.next, length: lengthOf(exit) }));
  if (ways.some(({ length }) => !(length >= 0 && length < Number.POSITIVE_INFINITY))) return null;
  const distances = distancesTo(from.name, ways);
  const distanceFrom = (state: string): number => distances.get(state) ?? Number.POSITIVE_INFINITY;
  const starts = entrances.map(
    ({ state, range }) => quantizeDown(direction === 1 ? range.low : -range.high) + distanceFrom(state),
  );
  const step = Math.min(...guarded.map((exit) => lengthOf(exit) + distanceFrom(exit.next)));
  return step > 0 ? { start: Math.min(...starts), step } : null;
}

const progress = (step: Offset | undefined, direction: Direction): number => {
  if (step === undefined) return 0;
  return direction === 1 ? step.low : -step.high;
};

/** The fewest times that one of the comparisons can hold. */
function lapsOf(
  guards: readonly Guard[],
  counting: { readonly start: number; readonly step: number },
  { flow, data }: Loop,
): number | undefined {
  const laps = guards.flatMap(({ exit, direction, comparison: { operator, limit } }) => {
    const range = limit(data.viewAt(flow, exit.from.name));
    if (range === null) return [];
    return countLaps(counting, operator, direction === 1 ? range.high : -range.low) ?? [];
  });
  return laps.length === 0 ? undefined : Math.min(...laps);
}
