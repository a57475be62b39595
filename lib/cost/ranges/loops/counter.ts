import type { DataFlow, ScopeFlow } from '../flow/data-flow.ts';
import { type Exit, isInput, touches, valueAfter } from '../states/exit.ts';
import {
  ABSENT,
  type AbstractValue,
  isImpossible,
  isOnlyObject,
  numberIn,
  numbersOf,
  onlyNumbers,
  withoutAbsent,
} from '../values/abstract-value.ts';
import type { NumberRange, Offset } from '../values/number-range.ts';
import { insert } from '../values/select.ts';
import { isSamePlace, type Place, startsWith, type View, withFacts } from '../view.ts';

/** A strongly connected part of a scope. */
export interface Loop {
  readonly component: ReadonlySet<string>;
  readonly flow: ScopeFlow;
  readonly data: DataFlow;
}

/** A place that holds a number whenever the loop is in one of its states, changed by nothing but additions. */
export interface Counter {
  /** What each exit that stays in the loop adds; nothing where it is not named. */
  readonly steps: ReadonlyMap<Exit, Offset>;
  /** Exits that are never taken: there is no number with which the loop comes there. */
  readonly neverTaken: ReadonlySet<Exit>;
  /** Where the loop is entered from outside, and the numbers that the place can have then. */
  readonly entrances: readonly { readonly state: string; readonly range: NumberRange }[];
}

export const exitsInside = ({ component, flow }: Loop): readonly Exit[] =>
  [...component].flatMap((state) => flow.graph.exitsOf(state)).filter(({ next }) => component.has(next));

/** The place as a counter of the loop; null where it is not proven to be one. */
export function readCounter(place: Place, loop: Loop): Counter | null {
  const steps = readSteps(place, loop);
  const entrances = steps === null ? null : readEntrances(place, loop);
  return steps === null || entrances === null ? null : { ...steps, entrances };
}

function readSteps(place: Place, loop: Loop): Pick<Counter, 'steps' | 'neverTaken'> | null {
  const steps = new Map<Exit, Offset>();
  const neverTaken = new Set<Exit>();
  for (const exit of exitsInside(loop)) {
    if (!touches(exit, place)) continue;
    const view = relativeView(exit, place, loop);
    const step = numberAfter(exit, place, view)?.offset;
    if (step !== undefined) steps.set(exit, step);
    else if (isImpossible(view.read(place))) neverTaken.add(exit);
    else return null;
  }
  return steps.size + neverTaken.size === 0 ? null : { steps, neverTaken };
}

/** The number at the place after the exit; undefined where it may be anything else, or lie in anything but objects. */
function numberAfter(exit: Exit, place: Place, view: View): NumberRange | undefined {
  const isInObjects = objectsAround(place).every((around) => isOnlyObject(valueAfter(exit, around, view)));
  return isInObjects ? onlyNumbers(valueAfter(exit, place, view)) : undefined;
}

/** The places of the objects that the place lies in. */
function objectsAround(place: Place): readonly Place[] {
  const first = isInput(place) ? 1 : 0;
  return place.path.slice(first).map((_, index) => ({ ...place, path: place.path.slice(0, first + index) }));
}

/** What an exit's templates see, with the counter's value written as itself plus nothing. */
function relativeView(exit: Exit, place: Place, { flow, data }: Loop): View {
  const view = viewThrough(exit, flow, data);
  const range = numbersOf(view.read(place));
  const counter = numberIn(range === null ? null : { ...range, offset: { low: 0, high: 0 } });
  return { read: (asked) => readRelative(asked, { place, counter, view }), locals: view.locals };
}

const viewThrough = (exit: Exit, flow: ScopeFlow, data: DataFlow): View =>
  withFacts(data.viewAt(flow, exit.from.name), exit.facts());

interface Relative {
  readonly place: Place;
  readonly counter: AbstractValue;
  readonly view: View;
}

function readRelative(asked: Place, { place, counter, view }: Relative): AbstractValue {
  if (isSamePlace(asked, place)) return counter;
  if (asked.name !== place.name) return view.read(asked);
  const isAround = startsWith(place.path, asked.path) && (asked.path.length > 0 || !isInput(place));
  if (isAround) return insert(withoutAbsent(view.read(asked)), place.path.slice(asked.path.length), counter);
  return startsWith(asked.path, place.path) ? ABSENT : view.read(asked);
}

function readEntrances(place: Place, loop: Loop): Counter['entrances'] | null {
  const entrances: { readonly state: string; readonly range: NumberRange }[] = [];
  for (const { state, valueAt } of waysIn(loop)) {
    const value = valueAt(place);
    if (isImpossible(value)) continue;
    const range = onlyNumbers(value);
    const isInObjects = objectsAround(place).every((around) => isOnlyObject(valueAt(around)));
    if (range === undefined || !isInObjects) return null;
    entrances.push({ state, range });
  }
  return entrances;
}

interface WayIn {
  readonly state: string;
  readonly valueAt: (place: Place) => AbstractValue;
}

function waysIn({ component, flow, data }: Loop): readonly WayIn[] {
  const fromOutside = [...component]
    .flatMap((state) => flow.graph.exitsInto(state))
    .filter(({ from }) => !component.has(from.name))
    .map((exit) => ({
      state: exit.next,
      valueAt: (place: Place) => valueAfter(exit, place, viewThrough(exit, flow, data)),
    }));
  const { startAt } = flow.scope;
  if (!component.has(startAt)) return fromOutside;
  return [{ state: startAt, valueAt: (place) => data.enteringAt(flow, place) }, ...fromOutside];
}
