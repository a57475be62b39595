import type { JsonObject } from '../../json-object.ts';
import type { WorkflowState } from '../../workflow/workflow.ts';
import { evaluate } from '../jsonata/evaluate.ts';
import { factsOf } from '../jsonata/facts.ts';
import { ANYTHING } from '../values/abstract-value.ts';
import type { Fact, View } from '../view.ts';
import { assignmentsIn } from './assignments.ts';
import { choiceWays } from './choice-exits.ts';
import { type Exit, INPUT, NO_FACTS, type Output, withDocument } from './exit.ts';
import type { Parse } from './reading-of.ts';
import { resultOf } from './result.ts';
import { evaluateTemplate, markedExpression, type Reading } from './template.ts';

/** The ways out of a state that speaks JSONata. */
export function jsonataExits(state: WorkflowState, parse: Parse): readonly Exit[] {
  const plain = (view: View): Reading => ({ language: 'JSONata', view, document: INPUT, parse });
  if (state.type === 'Choice') {
    return choiceWays(state, (rule, holds) => conditionFacts(rule, holds, parse)).map(({ fields, ...way }) => ({
      from: state,
      ...way,
      ...effectOf(fields, { kind: 'kept' }, plain),
    }));
  }
  const withResult = (view: View) => plain(withDocument(view, 'result', resultOf(state, plain(view))));
  const otherwise: Output = hasResult(state)
    ? { kind: 'replaced', value: (view) => resultOf(state, plain(view)) }
    : { kind: 'kept' };
  const onwards = 'next' in state && state.next !== null ? [{ next: state.next, at: `${state.at}.Next` }] : [];
  const caught = 'catchers' in state ? state.catchers : [];
  return [
    ...onwards.map((way) => ({
      from: state,
      ...way,
      ...NO_FACTS,
      ...effectOf(state.fields, otherwise, hasResult(state) ? withResult : plain),
    })),
    ...caught.map(({ next, at, fields }) => ({
      from: state,
      next,
      at,
      ...NO_FACTS,
      ...effectOf(fields, { kind: 'replaced', value: () => ANYTHING }, plain),
    })),
  ];
}

const hasResult = ({ type }: WorkflowState): boolean => type === 'Task' || type === 'Map' || type === 'Parallel';

/** What fields with `Output` and `Assign` do to the data; without an Output it is `otherwise`. */
function effectOf(
  fields: JsonObject,
  otherwise: Output,
  reading: (view: View) => Reading,
): Pick<Exit, 'output' | 'assigned'> {
  const { Output } = fields;
  const output: Output =
    Output === undefined ? otherwise : { kind: 'replaced', value: (view) => evaluateTemplate(Output, reading(view)) };
  return { output, assigned: assignmentsIn(fields, 'JSONata', reading) };
}

/** A condition must give a boolean: there is no third case. */
function conditionFacts({ Condition }: JsonObject, holds: boolean, parse: Parse): readonly Fact[] {
  const query = typeof Condition === 'string' ? markedExpression(Condition) : null;
  return query === null ? [] : factsOf(parse(query), holds ? 'true' : 'false', evaluate);
}
