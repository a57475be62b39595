import { unresolved } from '../unresolved.ts';
import type { Proofs } from '../workflow/proofs.ts';
import type { Scope, WorkflowState } from '../workflow/workflow.ts';
import { createDataFlow, type ScopeFlow } from './flow/data-flow.ts';
import { createFlowGraph, type FlowGraph } from './flow/flow-graph.ts';
import type { Expression } from './jsonata/expression.ts';
import { readExpression } from './jsonata/read-expression.ts';
import { proveLoop } from './loops/loop.ts';
import { argumentsIn } from './states/arguments.ts';
import { countItems } from './states/items.ts';
import type { Parse } from './states/reading-of.ts';

/**
 * Proves what can be known of the data of an execution of `scope`, for any input, any results of tasks and any items.
 * Nothing is computed before it is asked for.
 */
export function proveRanges(scope: Scope): Proofs {
  const parse = createParser();
  const flows = flowsOf(scope, parse);
  const data = createDataFlow(parse);
  return {
    argumentsOf: (task) => {
      const flow = flows.ofState(task);
      if (flow === undefined) return [unresolved('run', `decided by a state outside ${scope.at}`)];
      return argumentsIn(task, data.readingAt(flow, task));
    },
    itemsOf: (map) => {
      const flow = flows.ofState(map);
      return flow === undefined ? undefined : countItems(map, data.readingAt(flow, map));
    },
    loopOf: (component, around) => {
      const flow = flows.ofScope(around);
      return flow === undefined ? undefined : proveLoop(component, flow, data);
    },
  };
}

/** Reads each expression once. */
function createParser(): Parse {
  const known = new Map<string, Expression>();
  return (text) => {
    const expression = known.get(text) ?? readExpression(text);
    known.set(text, expression);
    return expression;
  };
}

interface Flows {
  readonly ofScope: (scope: Scope) => ScopeFlow | undefined;
  readonly ofState: (state: WorkflowState) => ScopeFlow | undefined;
}

function flowsOf(root: Scope, parse: Parse): Flows {
  const byScope = new Map<Scope, ScopeFlow>();
  const byState = new Map<WorkflowState, ScopeFlow>();
  const add = (scope: Scope, owner: ScopeFlow['owner']): void => {
    const flow = { id: byScope.size, scope, graph: createLazily(() => createFlowGraph(scope, parse)), owner };
    byScope.set(scope, flow);
    for (const state of scope.states.values()) {
      byState.set(state, flow);
      if (state.type === 'Map') add(state.processor, { flow, state });
      if (state.type === 'Parallel') for (const branch of state.branches) add(branch, { flow, state });
    }
  };
  add(root, null);
  return { ofScope: (scope) => byScope.get(scope), ofState: (state) => byState.get(state) };
}

function createLazily(create: () => FlowGraph): FlowGraph {
  let known: FlowGraph | undefined;
  const graph = (): FlowGraph => {
    known ??= create();
    return known;
  };
  return {
    exitsOf: (state) => graph().exitsOf(state),
    exitsInto: (state) => graph().exitsInto(state),
    closesCircle: (state) => graph().closesCircle(state),
    unchangedSince: (state, place) => graph().unchangedSince(state, place),
    mayChange: (variable) => graph().mayChange(variable),
  };
}
