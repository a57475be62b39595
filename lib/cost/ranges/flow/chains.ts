import type { Scope } from '../../workflow/workflow.ts';
import { type Exit, isInput } from '../states/exit.ts';
import type { Place } from '../view.ts';

/** Where a state stands in a chain, and the chain's states from its head on. */
interface ChainPlace {
  readonly chain: Chain;
  readonly position: number;
}

interface Chain {
  readonly states: readonly string[];
  /** The positions that are entered with another value of something, in order, by what that is. */
  readonly changes: ReadonlyMap<string, readonly number[]>;
}

/** The exits of a scope, from both ends. */
export interface Exits {
  readonly exitsOf: (state: string) => readonly Exit[];
  readonly exitsInto: (state: string) => readonly Exit[];
}

/**
 * Chains are states that follow each other with no other way in: what none of them changes is the same in all. Finds
 * the first state at or before `state` in its chain since which a place has had the same value: so that what is set at
 * one end of a long machine and read at the other is looked for at two states only.
 */
export function createChains(scope: Scope, exits: Exits): (state: string, place: Place) => string {
  const places = placeInChains(scope, exits);
  return (state, place) => {
    const found = places.get(state);
    if (found === undefined) return state;
    const { chain, position } = found;
    const since = Math.max(0, ...changeKeys(place).map((key) => lastUpTo(chain.changes.get(key) ?? [], position)));
    return chain.states[since] ?? state;
  };
}

function placeInChains(scope: Scope, exits: Exits): ReadonlyMap<string, ChainPlace> {
  const places = new Map<string, ChainPlace>();
  for (const state of scope.states.keys()) {
    if (isHead(state, scope, exits)) addChain(places, state, { scope, exits });
  }
  return places;
}

/** States in which several ways meet, or that something is known of because a Choice led there. */
function isHead(state: string, { startAt }: Scope, { exitsOf, exitsInto }: Exits): boolean {
  const [way, ...others] = exitsInto(state);
  if (way === undefined || others.length > 0 || state === startAt || way.from.type === 'Choice') return true;
  return exitsOf(way.from.name)[0] !== way;
}

interface Surroundings {
  readonly scope: Scope;
  readonly exits: Exits;
}

function addChain(places: Map<string, ChainPlace>, head: string, { scope, exits }: Surroundings): void {
  const states = [head];
  const changes = new Map<string, number[]>();
  for (let [way] = exits.exitsOf(head); way !== undefined && !isHead(way.next, scope, exits); ) {
    for (const key of keysChangedBy(way)) addTo(changes, key, states.length);
    states.push(way.next);
    [way] = exits.exitsOf(way.next);
  }
  const chain = { states, changes };
  for (const [position, state] of states.entries()) places.set(state, { chain, position });
}

function addTo(changes: Map<string, number[]>, key: string, position: number): void {
  const known = changes.get(key);
  if (known === undefined) changes.set(key, [position]);
  else known.push(position);
}

/** What an exit changes: variables, all of the input, or some field of it. */
function keysChangedBy({ assigned, output }: Exit): readonly string[] {
  const variables = [...assigned.keys()].map(variableKey);
  if (output.kind === 'kept') return variables;
  const [field] = output.kind === 'inserted' ? output.path : [];
  return field === undefined ? [...variables, INPUT] : [...variables, fieldKey(field), SOME_FIELD];
}

/** Where any of these changes, the value of a place may. */
function changeKeys(place: Place): readonly string[] {
  if (!isInput(place)) return [variableKey(place.name)];
  const [, field] = place.path;
  return [INPUT, field === undefined ? SOME_FIELD : fieldKey(field)];
}

const INPUT = 'input';
const SOME_FIELD = 'some field';
const variableKey = (name: string): string => `variable ${name}`;
const fieldKey = (name: string): string => `field ${name}`;

/** The last of the positions, which are in order, up to one of them; zero where there is none. */
function lastUpTo(positions: readonly number[], most: number): number {
  let [low, high] = [0, positions.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((positions[middle] ?? 0) <= most) low = middle + 1;
    else high = middle;
  }
  return positions[low - 1] ?? 0;
}
