import type { TaskCall } from '../meters/task-call.ts';
import { type CostNode, sum, times } from '../tree/cost-node.ts';
import { argumentsPathOf, type TaskState } from '../workflow/workflow.ts';
import { boundExecutionCall } from './execution-call.ts';
import type { Flow } from './flow.ts';
import { refuseForeignRole } from './foreign-role.ts';
import { type Tries, triesOfTask } from './tries.ts';
import type { WalkBound } from './walk-bound.ts';

/** Every try may cost all that the call can cost; whether the last one fails makes no difference. */
export function boundTask(state: TaskState, flow: Flow): WalkBound {
  const tries = triesOfTask(state, flow.context.accepted);
  const call: TaskCall = {
    name: state.name,
    at: state.at,
    resource: state.resource,
    argumentsAt: argumentsPathOf(state),
    arguments: flow.proofs.argumentsOf(state),
    retries: tries.full + tries.free - 1,
  };
  const { node: called, diagnostics } = boundExecutionCall(call, state, flow) ?? flow.boundCall(call, flow.context);
  const one = sum(state.name, state.at, [called, flow.transitions.leaf('transition', state.at)]);
  const node = tried(state, one, tries, flow);
  const foreign = refuseForeignRole(state, flow.context.templates);
  return {
    anyhow: node,
    successful: node,
    diagnostics: foreign.length === 0 ? diagnostics : [...diagnostics, ...foreign],
  };
}

function tried({ name, at }: TaskState, one: CostNode, { full, free }: Tries, flow: Flow): CostNode {
  const all = full === 1 ? one : times('tries', `${at}.Retry`, full, one);
  if (free === 0) return all;
  const refused = flow.transitions.leaf('tries that ended with an error of the create call', `${at}.Retry`, free);
  return sum(name, at, [all, refused]);
}
