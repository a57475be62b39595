import type { Scope, WorkflowState } from '../../workflow/workflow.ts';
import type { Exit } from '../states/exit.ts';
import { jsonataExits } from '../states/jsonata-exits.ts';
import { jsonpathExits } from '../states/jsonpath-exits.ts';
import type { Parse } from '../states/reading-of.ts';
import type { Place } from '../view.ts';
import { createChains } from './chains.ts';
import { circleHeads } from './circle-heads.ts';

/** How data flow between the states of a scope. */
export interface FlowGraph {
  readonly exitsOf: (state: string) => readonly Exit[];
  readonly exitsInto: (state: string) => readonly Exit[];
  /** Whether the state is where a circle closes: each circle of the scope has one. */
  readonly closesCircle: (state: string) => boolean;
  /** The state since whose entry the place has had the value that it has at the entry of this one. */
  readonly unchangedSince: (state: string, place: Place) => string;
  /** Whether some state of the scope sets the variable, or some Choice may tell of it. */
  readonly mayChange: (variable: string) => boolean;
}

export function createFlowGraph(scope: Scope, parse: Parse): FlowGraph {
  const exits = new Map<string, readonly Exit[]>();
  const entrances = new Map<string, Exit[]>();
  for (const [name, state] of scope.states) {
    const ways = state.language === 'JSONata' ? jsonataExits(state, parse) : jsonpathExits(state, parse);
    exits.set(name, ways);
    for (const way of ways) addTo(entrances, way);
  }
  const ends = {
    exitsOf: (state: string): readonly Exit[] => exits.get(state) ?? [],
    exitsInto: (state: string): readonly Exit[] => entrances.get(state) ?? [],
  };
  const heads = circleHeads(scope.states.keys(), ends.exitsOf);
  const variables = variablesIn(scope, ends.exitsOf);
  return {
    ...ends,
    closesCircle: (state) => heads.has(state),
    unchangedSince: createChains(scope, ends),
    mayChange: (variable) => variables.has(variable),
  };
}

function addTo(entrances: Map<string, Exit[]>, exit: Exit): void {
  const known = entrances.get(exit.next);
  if (known === undefined) entrances.set(exit.next, [exit]);
  else known.push(exit);
}

const WORD = /\w+/g;

/** The names that are assigned, and every word of the rules of a Choice. */
function variablesIn({ states }: Scope, exitsOf: (state: string) => readonly Exit[]): ReadonlySet<string> {
  const assigned = [...states.keys()].flatMap(exitsOf).flatMap((exit) => [...exit.assigned.keys()]);
  return new Set([...assigned, ...[...states.values()].flatMap(wordsIn)]);
}

const wordsIn = (state: WorkflowState): readonly string[] =>
  state.type === 'Choice' ? state.rules.flatMap(({ fields }) => JSON.stringify(fields).match(WORD) ?? []) : [];
