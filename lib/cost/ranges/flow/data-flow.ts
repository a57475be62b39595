import type { MapState, ParallelState, Scope, WorkflowState } from '../../workflow/workflow.ts';
import { type Exit, isInput, touches, valueAfter } from '../states/exit.ts';
import { itemOf } from '../states/items.ts';
import { type Parse, readingOf } from '../states/reading-of.ts';
import { evaluateTemplate, type Reading } from '../states/template.ts';
import { type AbstractValue, ANYTHING } from '../values/abstract-value.ts';
import { joinAll } from '../values/join.ts';
import { select } from '../values/select.ts';
import { type Place, placeKey, startsWith, type View, withFacts } from '../view.ts';
import type { FlowGraph } from './flow-graph.ts';
import { createSolver } from './solver.ts';

/** A scope, and the Map or Parallel around it. */
export interface ScopeFlow {
  /** Tells scopes apart. */
  readonly id: number;
  readonly scope: Scope;
  readonly graph: FlowGraph;
  readonly owner: { readonly flow: ScopeFlow; readonly state: MapState | ParallelState } | null;
}

/** A place in what a state sees when it is entered. */
interface Location {
  readonly flow: ScopeFlow;
  readonly state: string;
  readonly place: Place;
}

type Read = (location: Location) => AbstractValue;

/** What every state sees when it is entered, for any input and any results of tasks. */
export interface DataFlow {
  readonly viewAt: (flow: ScopeFlow, state: string) => View;
  readonly readingAt: (flow: ScopeFlow, state: WorkflowState) => Reading;
  /** What a place of the first state's view is each time the scope begins. */
  readonly enteringAt: (flow: ScopeFlow, place: Place) => AbstractValue;
}

export function createDataFlow(parse: Parse): DataFlow {
  const read = createSolver<Location>({
    keyOf: ({ flow, state, place }) => `${flow.id}\u0000${state}\u0000${placeKey(place)}`,
    valueOf: (location, readOther) => valueAt(location, readOther, parse),
    mayGrow: ({ flow, state }) => flow.graph.closesCircle(state),
  });
  const at = (flow: ScopeFlow, state: string) => viewAt(flow, state, read);
  return {
    viewAt: at,
    readingAt: (flow, state) => readingOf(state, at(flow, state.name), parse),
    enteringAt: (flow, place) => enteringValue(flow, place, read, parse),
  };
}

const NO_LOCALS: ReadonlySet<string> = new Set();

/** Of the context and of what is no input of the state nothing is known. */
const viewAt = (flow: ScopeFlow, state: string, read: Read): View => ({
  read: (place) => (place.name === 'states' && !isInput(place) ? ANYTHING : readAt(flow, state, place, read)),
  locals: NO_LOCALS,
});

/** What a scope never sets is what it is around it. */
function readAt(flow: ScopeFlow, state: string, place: Place, read: Read): AbstractValue {
  if (isInput(place) || flow.graph.mayChange(place.name)) {
    return read({ flow, state: flow.graph.unchangedSince(state, place), place });
  }
  return flow.owner !== null && seesVariables(flow.owner.state)
    ? readAt(flow.owner.flow, flow.owner.state.name, place, read)
    : ANYTHING;
}

/** Whatever comes in on any way into the state. */
function valueAt({ flow, state, place }: Location, read: Read, parse: Parse): AbstractValue {
  const onWays = flow.graph.exitsInto(state).map((exit) => {
    const isPlain = !exit.mentions(place) && !touches(exit, place);
    return valueAfter(exit, place, isPlain ? viewAt(flow, exit.from.name, read) : viewThrough(flow, exit, read));
  });
  return joinAll(state === flow.scope.startAt ? [enteringValue(flow, place, read, parse), ...onWays] : onWays);
}

const viewThrough = (flow: ScopeFlow, exit: Exit, read: Read): View =>
  withFacts(viewAt(flow, exit.from.name, read), exit.facts());

/** What a scope begins with: an execution with anything, what is inside a state with what that state hands in. */
function enteringValue({ owner }: ScopeFlow, place: Place, read: Read, parse: Parse): AbstractValue {
  if (owner === null) return ANYTHING;
  const { flow, state } = owner;
  if (!isInput(place)) return seesVariables(state) ? readAt(flow, state.name, place, read) : ANYTHING;
  const reading = readingOf(state, viewAt(flow, state.name, read), parse);
  const input = state.type === 'Map' ? iterationInput(state, reading) : branchInput(state, reading);
  return select(input, place.path.slice(1));
}

/** The children of a distributed Map are executions of their own. */
const seesVariables = (state: MapState | ParallelState): boolean =>
  state.type === 'Parallel' || state.mode === 'inline';

function branchInput({ fields, language }: ParallelState, reading: Reading): AbstractValue {
  const template = language === 'JSONata' ? fields['Arguments'] : fields['Parameters'];
  return template === undefined ? reading.view.read(reading.document) : evaluateTemplate(template, reading);
}

function iterationInput(map: MapState, reading: Reading): AbstractValue {
  const { ItemBatcher, ItemSelector, Parameters } = map.fields;
  if (ItemBatcher !== undefined) return ANYTHING;
  const template = ItemSelector ?? (map.language === 'JSONPath' ? Parameters : undefined);
  const item = itemOf(map, reading);
  return template === undefined ? item : evaluateTemplate(template, { ...reading, view: withItem(reading.view, item) });
}

const ITEM = ['context', 'Map', 'Item', 'Value'] as const;

const withItem = (view: View, item: AbstractValue): View => ({
  read: (place) =>
    place.name === 'states' && startsWith(place.path, ITEM)
      ? select(item, place.path.slice(ITEM.length))
      : view.read(place),
  locals: view.locals,
});
