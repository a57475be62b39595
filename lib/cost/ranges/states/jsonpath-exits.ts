import type { Catcher, WorkflowState } from '../../workflow/workflow.ts';
import { choiceFacts } from '../jsonpath/choice-facts.ts';
import { placeAt } from '../jsonpath/json-path.ts';
import { type AbstractValue, ANYTHING } from '../values/abstract-value.ts';
import { constant } from '../values/constant.ts';
import { join } from '../values/join.ts';
import { insert } from '../values/select.ts';
import type { Place, View } from '../view.ts';
import { assignmentsIn } from './assignments.ts';
import { choiceWays } from './choice-exits.ts';
import { type Exit, INPUT, NO_FACTS, type Output, type ValueIn, withDocument } from './exit.ts';
import { type Parse, readingOf, throughPath } from './reading-of.ts';
import { resultOf } from './result.ts';
import { evaluateTemplate, type Reading } from './template.ts';

/**
 * The ways out of a state that speaks JSONPath: its data go through InputPath, Parameters, the work, ResultSelector,
 * ResultPath and OutputPath.
 * Source: https://states-language.net/spec.html#input-and-output-processing (2026-11-20).
 */
export function jsonpathExits(state: WorkflowState, parse: Parse): readonly Exit[] {
  const reading = (view: View): Reading => readingOf(state, view, parse);
  if (state.type === 'Choice') return choiceExits(state, reading);
  const onwards = 'next' in state && state.next !== null ? [{ next: state.next, at: `${state.at}.Next` }] : [];
  const caught = 'catchers' in state ? state.catchers : [];
  return [
    ...onwards.map((way) => ({
      from: state,
      ...way,
      ...NO_FACTS,
      output: throughOutputPath(state, outputOf(state, reading)),
      assigned: assignmentsIn(state.fields, 'JSONPath', (view) => assignReading(state, reading(view))),
    })),
    ...caught.map((catcher) => ({
      from: state,
      next: catcher.next,
      at: catcher.at,
      ...NO_FACTS,
      ...caughtBy(state, catcher, parse),
    })),
  ];
}

function choiceExits(
  state: Extract<WorkflowState, { type: 'Choice' }>,
  reading: (view: View) => Reading,
): readonly Exit[] {
  const { InputPath } = state.fields;
  const document = effectivePlace(InputPath);
  return choiceWays(state, (rule, holds) => (document === null ? [] : choiceFacts(rule, holds, document))).map(
    ({ fields, ...way }) => ({
      from: state,
      ...way,
      output: throughOutputPath(state, passedOn(state, reading)),
      assigned: assignmentsIn(fields, 'JSONPath', reading),
    }),
  );
}

/** The place of the effective input, where it is one: null where InputPath leads elsewhere. */
function effectivePlace(inputPath: unknown): Place | null {
  if (isWhole(inputPath)) return INPUT;
  return typeof inputPath === 'string' ? placeAt(inputPath, INPUT) : null;
}

const isWhole = (path: unknown): boolean => path === undefined || path === '$';

const effectiveInput = ({ view, document }: Reading): AbstractValue => view.read(document);

/** The input as it came through InputPath. */
const passedOn = ({ fields }: WorkflowState, reading: (view: View) => Reading): Output =>
  isWhole(fields['InputPath'])
    ? { kind: 'kept' }
    : { kind: 'replaced', value: (view) => effectiveInput(reading(view)) };

function outputOf(state: WorkflowState, reading: (view: View) => Reading): Output {
  if (state.type === 'Wait') return passedOn(state, reading);
  const value: ValueIn = (view) => selectedResult(state, reading(view));
  return placeResult(state, state.fields['ResultPath'], { value, reading });
}

function selectedResult(state: WorkflowState, reading: Reading): AbstractValue {
  if (state.type === 'Pass') return passResult(state, reading);
  const result = resultOf(state, reading);
  const { ResultSelector } = state.fields;
  if (ResultSelector === undefined) return result;
  const view = withDocument(reading.view, 'result', result);
  return evaluateTemplate(ResultSelector, { ...reading, view, document: { name: 'states', path: ['result'] } });
}

function passResult({ fields }: WorkflowState, reading: Reading): AbstractValue {
  const { Result, Parameters } = fields;
  if (Result !== undefined) return constant(Result);
  return Parameters === undefined ? effectiveInput(reading) : evaluateTemplate(Parameters, reading);
}

interface Placed {
  readonly value: ValueIn;
  readonly reading: (view: View) => Reading;
}

/**
 * Puts a result where ResultPath says. It is said to be put into the state's raw input; where InputPath makes a
 * difference, what is put into the effective input is held possible, too.
 */
function placeResult(state: WorkflowState, resultPath: unknown, { value, reading }: Placed): Output {
  if (isWhole(resultPath)) return { kind: 'replaced', value };
  const isRaw = isWhole(state.fields['InputPath']);
  const bothInputs = (view: View) => join(view.read(INPUT), effectiveInput(reading(view)));
  if (resultPath === null) return isRaw ? { kind: 'kept' } : { kind: 'replaced', value: bothInputs };
  const place = typeof resultPath === 'string' ? placeAt(resultPath, INPUT) : null;
  if (place === null || place.path[0] !== 'input') return { kind: 'replaced', value: () => ANYTHING };
  const path = place.path.slice(1);
  return isRaw
    ? { kind: 'inserted', path, value }
    : { kind: 'replaced', value: (view) => insert(bothInputs(view), path, value(view)) };
}

function throughOutputPath({ fields }: WorkflowState, output: Output): Output {
  const { OutputPath } = fields;
  if (isWhole(OutputPath)) return output;
  return {
    kind: 'replaced',
    value: (view) => {
      const reading: Reading = {
        language: 'JSONPath',
        view: withDocument(view, 'output', outputIn(output, view)),
        document: { name: 'states', path: ['output'] },
        parse: () => ({ kind: 'opaque' }),
      };
      return effectiveInput(throughPath(OutputPath, reading, 'filteredOutput'));
    },
  };
}

function outputIn(output: Output, view: View): AbstractValue {
  switch (output.kind) {
    case 'kept':
      return view.read(INPUT);
    case 'replaced':
      return output.value(view);
    case 'inserted':
      return insert(view.read(INPUT), output.path, output.value(view));
  }
}

/** `$` in Assign is the result of a Pass; of a task's result nothing is known. */
function assignReading(state: WorkflowState, reading: Reading): Reading {
  const { Result, Parameters } = state.fields;
  const isInput = state.type === 'Wait' || (state.type === 'Pass' && Result === undefined && Parameters === undefined);
  if (isInput) return reading;
  const known = state.type === 'Pass' ? join(passResult(state, reading), effectiveInput(reading)) : ANYTHING;
  return {
    ...reading,
    view: withDocument(reading.view, 'result', known),
    document: { name: 'states', path: ['result'] },
  };
}

/** Nothing is known of an error; whether OutputPath applies to it is not documented. */
function caughtBy(state: WorkflowState, { fields }: Catcher, parse: Parse): Pick<Exit, 'output' | 'assigned'> {
  const reading = (view: View): Reading => {
    const read = readingOf(state, view, parse);
    return {
      ...read,
      view: withDocument(read.view, 'errorOutput', ANYTHING),
      document: { name: 'states', path: ['errorOutput'] },
    };
  };
  const placed = placeResult(state, fields['ResultPath'], {
    value: () => ANYTHING,
    reading: (view) => readingOf(state, view, parse),
  });
  const output: Output = isWhole(state.fields['OutputPath']) ? placed : { kind: 'replaced', value: () => ANYTHING };
  return { output, assigned: assignmentsIn(fields, 'JSONPath', reading) };
}
