import { assertNever } from '../../errors/fault.ts';
import type { WorkflowState } from '../workflow/workflow.ts';
import type { Flow } from './flow.ts';
import { boundMap } from './map-bound.ts';
import { boundParallel } from './parallel-bound.ts';
import { boundTask } from './task-bound.ts';
import type { WalkBound } from './walk-bound.ts';

/** What entering a state once can cost, with every try of it: each state, of whatever type, may also fail. */
export function boundState(state: WorkflowState, flow: Flow): WalkBound {
  switch (state.type) {
    case 'Task':
      return boundTask(state, flow);
    case 'Parallel':
      return boundParallel(state, flow);
    case 'Map':
      return boundMap(state, flow);
    case 'Choice':
    case 'Pass':
    case 'Wait':
    case 'Succeed':
    case 'Fail': {
      const transition = flow.transitions.leaf(state.name, state.at);
      return { anyhow: transition, successful: state.type === 'Fail' ? null : transition, diagnostics: [] };
    }
    default:
      return assertNever(state);
  }
}
