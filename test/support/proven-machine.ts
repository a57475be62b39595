import { proveRanges } from '../../lib/cost/ranges/prove-ranges.ts';
import type { Proofs, ProvenLoop } from '../../lib/cost/workflow/proofs.ts';
import { readWorkflow } from '../../lib/cost/workflow/read-workflow.ts';
import type { MapState, Scope, TaskState, WorkflowState } from '../../lib/cost/workflow/workflow.ts';
import { must } from '../../lib/errors/fault.ts';
import type { Definition } from './state-machines.ts';

/** A machine, and what is proven of it, by the names of its states. */
export interface ProvenMachine {
  readonly scope: Scope;
  readonly proofs: Proofs;
  readonly argumentsOf: (task: string) => ReturnType<Proofs['argumentsOf']>;
  readonly itemsOf: (map: string) => ReturnType<Proofs['itemsOf']>;
  /** Of the loop of these states of the outermost scope. */
  readonly loopOf: (...states: readonly string[]) => ProvenLoop | undefined;
}

export function provenMachine(definition: Definition): ProvenMachine {
  const read = readWorkflow(definition, 'machine');
  const scope = must(read.value, `a machine, not ${JSON.stringify(read.diagnostics)}`);
  const proofs = proveRanges(scope);
  const states = new Map(statesIn(scope).map((state) => [state.name, state]));
  return {
    scope,
    proofs,
    argumentsOf: (task) => proofs.argumentsOf(must(states.get(task), task) as TaskState),
    itemsOf: (map) => proofs.itemsOf(must(states.get(map), map) as MapState),
    loopOf: (...names) => proofs.loopOf(new Set(names), scope),
  };
}

/** The machine that takes these states one after the other. */
export function sequenceOf(states: Definition, frame: Definition = { QueryLanguage: 'JSONata' }): Definition {
  const names = Object.keys(states);
  const placed = names.map((name, place) => {
    const next = names[place + 1];
    return [name, { ...(states[name] as Definition), ...(next === undefined ? { End: true } : { Next: next }) }];
  });
  return { ...frame, StartAt: names[0], States: Object.fromEntries(placed) };
}

function statesIn(scope: Scope): readonly WorkflowState[] {
  return [...scope.states.values()].flatMap((state) => {
    if (state.type === 'Map') return [state, ...statesIn(state.processor)];
    return state.type === 'Parallel' ? [state, ...state.branches.flatMap(statesIn)] : [state];
  });
}
