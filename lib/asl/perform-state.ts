import { assertNever } from '../errors/fault.ts';
import type { Draft } from './draft.ts';
import { performChoice } from './perform-choice.ts';
import { performMap, performParallel } from './perform-nested.ts';
import { passThrough, performFail, performWait } from './perform-simple.ts';
import { performTask } from './perform-task.ts';
import type { Step } from './step.ts';

/** The work of the scope's state: done at once, or asked of the driver. */
export async function performState(draft: Draft, scopeId: string): Promise<readonly Step[]> {
  const state = draft.stateOf(scopeId);
  switch (state.Type) {
    case 'Task':
      return performTask(draft, scopeId, state);
    case 'Map':
      return performMap(draft, scopeId, state);
    case 'Parallel':
      return performParallel(draft, scopeId, state);
    case 'Choice':
      return performChoice(draft, scopeId, state);
    case 'Wait':
      return performWait(draft, scopeId, state);
    case 'Fail':
      return performFail(draft, scopeId, state);
    case 'Pass':
    case 'Succeed':
      return passThrough(draft, scopeId, state);
    default:
      return assertNever(state);
  }
}
