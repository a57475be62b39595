import { compileRule } from './choices.ts';
import type { RawCatcher, RawRule, RawState } from './states-language.ts';
import { compilePath, jsonataTemplate, jsonpathTemplate } from './templates.ts';
import { type Data, UNKNOWN, type Value, withValueAt } from './values.ts';

/** Where a state goes next, with which data. */
export interface Step {
  readonly next: string;
  readonly data: Data;
}

/** What hands data on: a state, or a rule of one. */
type Moving = Pick<RawState, 'Assign' | 'Output' | 'ResultPath'> & { readonly [field: string]: unknown };

const templateOf = (language: string, payload: unknown) =>
  language === 'JSONata' ? jsonataTemplate(payload) : jsonpathTemplate(payload);

/** What a Task is called with, or a Parallel hands to its branches; undefined where evaluating it fails. */
export function payloadOf(state: RawState, language: string, data: Data): Value | undefined {
  const payload = language === 'JSONata' ? state.Arguments : state.Parameters;
  return payload === undefined ? effectiveInput(state, language, data) : templateOf(language, payload)(data);
}

/** Data after a state that succeeded with a result; undefined where evaluating it fails. */
export function dataAfter(state: Moving, language: string, data: Data, result: Value): Data | undefined {
  const output = language === 'JSONata' ? jsonataOutput(state, data, result) : jsonpathOutput(state, data, result);
  const variables = withAssigned(state.Assign, language, data);
  return output === undefined || variables === undefined ? undefined : { input: output, variables };
}

/** Result of a Pass state. */
export function passResult(state: RawState, language: string, data: Data): Value | undefined {
  if (language === 'JSONata') return data.input;
  if (state.Result !== undefined) return state.Result as Value;
  return payloadOf(state, language, data);
}

/** Data after a catcher took over. */
export function dataCaught(catcher: RawCatcher, language: string, data: Data): Data | undefined {
  const output =
    language === 'JSONata' ? jsonataOutput(catcher, data, UNKNOWN) : placed(catcher.ResultPath, data.input, UNKNOWN);
  const variables = withAssigned(catcher.Assign, language, data);
  return output === undefined || variables === undefined ? undefined : { input: output, variables };
}

/** Every way that a Choice may go: a rule that may hold is one, and the ones after it too unless it surely holds. */
export function stepsOf(state: RawState, language: string, data: Data): readonly Step[] {
  const steps: Step[] = [];
  for (const rule of state.Choices ?? []) {
    const truth = compileRule(rule)(data);
    if (truth === undefined) return steps;
    if (truth !== false) steps.push(...stepOf(rule, rule.Next, language, data));
    if (truth === true) return steps;
  }
  return [...steps, ...stepOf(state, state.Default, language, data)];
}

function stepOf(by: RawRule | RawState, next: string | undefined, language: string, data: Data): readonly Step[] {
  const after = next === undefined ? undefined : dataAfter(by, language, data, data.input);
  return after === undefined || next === undefined ? [] : [{ next, data: after }];
}

function effectiveInput(state: RawState, language: string, data: Data): Value | undefined {
  const path = state['InputPath'];
  return language === 'JSONata' || typeof path !== 'string' ? data.input : compilePath(path)(data);
}

function jsonataOutput({ Output }: { readonly Output?: unknown }, data: Data, result: Value): Value | undefined {
  return Output === undefined ? result : jsonataTemplate(Output)(data);
}

function jsonpathOutput(state: Moving, data: Data, result: Value): Value | undefined {
  const whole = placed(state.ResultPath, data.input, result);
  const path = state['OutputPath'];
  return typeof path === 'string' ? compilePath(path)({ ...data, input: whole }) : whole;
}

/** Source: https://states-language.net/spec.html#resultpath (2026-11-20). */
function placed(path: string | null | undefined, input: Value, result: Value): Value {
  if (path === null) return input;
  return withValueAt(input, (path ?? '$').split('.').slice(1), result);
}

function withAssigned(assign: object | undefined, language: string, data: Data): Data['variables'] | undefined {
  if (assign === undefined) return data.variables;
  const assigned = templateOf(language, assign)(data);
  return typeof assigned === 'object' && assigned !== null && !Array.isArray(assigned)
    ? { ...data.variables, ...(assigned as Data['variables']) }
    : undefined;
}
