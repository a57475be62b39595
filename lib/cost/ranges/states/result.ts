import type { WorkflowState } from '../../workflow/workflow.ts';
import { type AbstractValue, ANYTHING, listUpTo } from '../values/abstract-value.ts';
import { listWith } from '../values/constant.ts';
import { countItems } from './items.ts';
import type { Reading } from './template.ts';

/** What a Task, Map or Parallel gives where it succeeds; what any other state gives is its input. */
export function resultOf(state: WorkflowState, reading: Reading): AbstractValue {
  switch (state.type) {
    case 'Parallel':
      return listWith(state.branches.map(() => ANYTHING));
    case 'Map':
      return state.mode === 'inline'
        ? listUpTo(countItems(state, reading)?.count ?? Number.POSITIVE_INFINITY, ANYTHING)
        : ANYTHING;
    case 'Task':
      return ANYTHING;
    default:
      return reading.view.read(reading.document);
  }
}
