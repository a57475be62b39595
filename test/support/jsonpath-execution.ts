import type { Definition } from './state-machines.ts';

/** What one execution did, as far as proofs speak of it. */
export interface Observed {
  /** The states of the outermost scope in the order of their entry. */
  readonly walk: readonly string[];
  readonly calls: readonly { readonly state: string; readonly actual: unknown }[];
  readonly maps: readonly { readonly state: string; readonly items: number }[];
}

type Json = unknown;
type Fields = Readonly<Record<string, Json>>;

/** Gives the result of the next call of a task, or throws where it fails. */
export type Answer = () => Json;

const MAX_STEPS = 60;

const isFields = (value: Json): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const fieldsIn = (value: Json): Fields => (isFields(value) ? value : {});

/**
 * Executes a machine of JSONPath states, as far as test machines use them: an execution of its own making, simple and
 * slow. What fails outside a task ends it.
 */
export function executeJsonpath(machine: Definition, input: Json, answer: Answer): Observed {
  const walk: string[] = [];
  const calls: { state: string; actual: Json }[] = [];
  const maps: { state: string; items: number }[] = [];
  const states = fieldsIn(machine['States']);
  let variables: Fields = {};
  let data = input;
  let name = String(machine['StartAt']);
  try {
    for (let step = 0; step < MAX_STEPS; step += 1) {
      walk.push(name);
      const state = fieldsIn(states[name]);
      if (state['Type'] === 'Succeed') break;
      const left = leave(name, state, { data, variables, answer, calls, maps });
      ({ data, name } = left);
      variables = { ...variables, ...left.assigned };
    }
  } catch {
    // the execution has failed
  }
  return { walk, calls, maps };
}

interface Work {
  readonly data: Json;
  readonly variables: Fields;
  readonly answer: Answer;
  readonly calls: { state: string; actual: Json }[];
  readonly maps: { state: string; items: number }[];
}

interface Left {
  readonly data: Json;
  readonly name: string;
  readonly assigned: Fields;
}

function leave(name: string, state: Fields, work: Work): Left {
  const { data, variables } = work;
  const effective = state['InputPath'] === null ? {} : get(state['InputPath'] ?? '$', data, variables);
  switch (state['Type']) {
    case 'Wait':
      return { data: filtered(state, effective, variables), ...onwards(state, effective, variables) };
    case 'Choice': {
      const rules = Array.isArray(state['Choices']) ? state['Choices'].map(fieldsIn) : [];
      const rule = rules.find((candidate) => holds(candidate, effective, variables)) ?? {
        ...state,
        Next: state['Default'],
      };
      return { data: filtered(state, effective, variables), ...onwards(rule, effective, variables) };
    }
    default:
      return leaveWorking(name, state, { ...work, effective });
  }
}

const onwards = (fields: Fields, document: Json, variables: Fields): Omit<Left, 'data'> => ({
  name: String(fields['Next']),
  assigned: fieldsIn(fill(fields['Assign'] ?? {}, document, variables)),
});

const filtered = (state: Fields, output: Json, variables: Fields): Json =>
  state['OutputPath'] === null ? {} : get(state['OutputPath'] ?? '$', output, variables);

function leaveWorking(name: string, state: Fields, work: Work & { readonly effective: Json }): Left {
  const { data, variables, effective } = work;
  const given = state['Type'] === 'Map' ? undefined : state['Parameters'];
  const parameters = given === undefined ? effective : fill(given, effective, variables);
  let result: Json;
  try {
    result = resultOf(name, state, { ...work, parameters });
  } catch (error) {
    const [catcher] = Array.isArray(state['Catch']) ? state['Catch'].map(fieldsIn) : [];
    if (catcher === undefined || error !== FAILED) throw error;
    const caught = put(data, catcher['ResultPath'], { Error: 'Broken' });
    return { data: caught, ...onwards(catcher, { Error: 'Broken' }, variables) };
  }
  const selector = state['Type'] === 'Pass' ? undefined : state['ResultSelector'];
  const selected = selector === undefined ? result : fill(selector, result, variables);
  const output = filtered(state, put(data, state['ResultPath'], selected), variables);
  return { data: output, ...onwards(state, selected, variables) };
}

/** How a task fails; all else that is thrown is a mistake of the machine. */
export const FAILED = Symbol('a task failed');

function resultOf(
  name: string,
  state: Fields,
  {
    calls,
    maps,
    answer,
    parameters,
    effective,
    variables,
  }: Work & { readonly parameters: Json; readonly effective: Json },
): Json {
  if (state['Type'] === 'Pass') return state['Result'] ?? parameters;
  if (state['Type'] === 'Task') {
    calls.push({ state: name, actual: parameters });
    return answer();
  }
  const items = itemsIn(get(state['ItemsPath'] ?? '$', effective, variables));
  maps.push({ state: name, items: items.length });
  const inner = fieldsIn(state['ItemProcessor']);
  const work = String(inner['StartAt']);
  // A Map's `Parameters` are the older name of its `ItemSelector`.
  const selector = state['ItemSelector'] ?? state['Parameters'];
  return items.map((item) => {
    const input =
      selector === undefined ? item : fill(selector, effective, variables, { Map: { Item: { Value: item } } });
    calls.push({
      state: work,
      actual: fill(fieldsIn(fieldsIn(inner['States'])[work])['Parameters'], input, variables),
    });
    return answer();
  });
}

function itemsIn(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value;
  if (!isFields(value)) throw new Error('nothing to iterate over');
  return Object.entries(value).map(([Key, Value]) => ({ Key, Value }));
}

function put(data: Json, path: Json, value: Json): Json {
  if (path === null) return data;
  const names = String(path ?? '$')
    .split('.')
    .slice(1);
  return putAt(data, names, value);
}

function putAt(data: Json, [name, ...rest]: readonly string[], value: Json): Json {
  if (name === undefined) return value;
  if (!isFields(data)) throw new Error('no object to put a result into');
  return { ...data, [name]: putAt(data[name] ?? {}, rest, value) };
}

function get(path: Json, document: Json, variables: Fields, context: Json = {}): Json {
  const [root = '', ...steps] = String(path)
    .split(/[.[]/)
    .map((step) => step.replace(']', ''));
  const start = root === '$' ? document : root === '$$' ? context : variables[root.slice(1)];
  const found = steps.reduce<Json>((value, step) => {
    if (Array.isArray(value) && /^\d+$/.test(step)) return value[Number(step)];
    return isFields(value) ? value[step] : undefined;
  }, start);
  if (found === undefined) throw new Error(`nothing at ${String(path)}`);
  return found;
}

function fill(template: Json, document: Json, variables: Fields, context: Json = {}): Json {
  if (Array.isArray(template)) return template.map((element: Json) => fill(element, document, variables, context));
  if (!isFields(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) =>
      name.endsWith('.$')
        ? [name.slice(0, -2), ask(String(value), document, variables, context)]
        : [name, fill(value, document, variables, context)],
    ),
  );
}

function ask(text: string, document: Json, variables: Fields, context: Json): Json {
  const call = /^States\.(\w+)\((.*)\)$/.exec(text);
  if (call === null) return get(text, document, variables, context);
  const parameters = (call[2] ?? '').split(/, (?![^(]*\))/).map((parameter) => {
    if (/^-?\d/.test(parameter)) return Number(parameter);
    return ask(parameter, document, variables, context);
  });
  return intrinsic(call[1] ?? '', parameters);
}

const numberIn = (value: Json): number => {
  if (typeof value !== 'number') throw new Error('no number');
  return value;
};
const listIn = (value: Json): readonly Json[] => {
  if (!Array.isArray(value)) throw new Error('no list');
  return value;
};

function intrinsic(name: string, [first, second, third]: readonly Json[]): Json {
  switch (name) {
    case 'MathAdd':
      return Math.round(numberIn(first)) + Math.round(numberIn(second));
    case 'Array':
      return [first, second, third].filter((element) => element !== undefined);
    case 'ArrayLength':
      return listIn(first).length;
    case 'ArrayGetItem':
      return listIn(first)[numberIn(second)] ?? intrinsic('MathAdd', []);
    case 'ArrayUnique':
      return [...new Set(listIn(first))];
    case 'ArrayPartition': {
      const size = numberIn(second);
      const count = Math.ceil(listIn(first).length / size);
      return Array.from({ length: count }, (_, place) => listIn(first).slice(place * size, (place + 1) * size));
    }
    case 'ArrayRange': {
      const [from, to, by] = [numberIn(first), numberIn(second), numberIn(third)];
      const elements: number[] = [];
      for (let element = from; by > 0 ? element <= to : element >= to; element += by) elements.push(element);
      return elements.slice(0, 1000);
    }
    default:
      throw new Error(`no intrinsic function ${name}`);
  }
}

function holds(rule: Fields, document: Json, variables: Fields): boolean {
  const all = (rules: Json): readonly boolean[] =>
    listIn(rules).map((inner) => holds(fieldsIn(inner), document, variables));
  if ('And' in rule) return all(rule['And']).every(Boolean);
  if ('Or' in rule) return all(rule['Or']).some(Boolean);
  if ('Not' in rule) return !holds(fieldsIn(rule['Not']), document, variables);
  const value = get(rule['Variable'], document, variables);
  const [field = '', given] = Object.entries(rule).find(([name]) => /^(Numeric|String|Boolean)/.test(name)) ?? [];
  const other = field.endsWith('Path') ? get(given, document, variables) : given;
  return compare(field.replace(/Path$/, ''), value, other);
}

function compare(operator: string, value: Json, other: Json): boolean {
  if (operator.endsWith('Equals') && !operator.includes('Than')) return value === other;
  if (typeof value !== 'number' || typeof other !== 'number') return false;
  switch (operator) {
    case 'NumericLessThan':
      return value < other;
    case 'NumericLessThanEquals':
      return value <= other;
    case 'NumericGreaterThan':
      return value > other;
    case 'NumericGreaterThanEquals':
      return value >= other;
    default:
      throw new Error(`no comparison ${operator}`);
  }
}
