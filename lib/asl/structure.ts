import type { Diagnostic } from '../errors/diagnostic.ts';
import { join } from './field-checks.ts';
import type { State, States } from './state-machine.ts';

/** A state with what is nested in it: the scopes that Map and Parallel open. */
function innerStates(state: State): readonly (readonly [path: string, states: States])[] {
  if (state.Type === 'Map') return [['ItemProcessor', state.ItemProcessor]];
  if (state.Type === 'Parallel') return state.Branches.map((branch, place) => [`Branches[${place}]`, branch] as const);
  return [];
}

/** Where a state may lead, each with the field that says so. */
export function successorsOf(state: State): readonly (readonly [field: string, target: string])[] {
  const next: readonly (readonly [string, string])[] =
    'Next' in state && state.Next !== undefined ? [['Next', state.Next]] : [];
  const catchers = 'Catch' in state ? (state.Catch ?? []) : [];
  const caught = catchers.map(({ Next }, place) => [`Catch[${place}].Next`, Next] as const);
  if (state.Type !== 'Choice') return [...next, ...caught];
  const rules = state.Choices.map(({ Next }, place) => [`Choices[${place}].Next`, Next] as const);
  return state.Default === undefined ? rules : [...rules, ['Default', state.Default] as const];
}

/** Dangling references, unreachable states, scopes without an end, names used twice, shadowed variables. */
export function checkStructure(machine: States): readonly Diagnostic[] {
  return [...checkScope(machine, '', new Set()), ...duplicateNames(machine)];
}

function checkScope(scope: States, at: string, outer: ReadonlySet<string>): readonly Diagnostic[] {
  const inner = Object.entries(scope.States).flatMap(([name, state]) => {
    const visible = new Set([...outer, ...assignedBeside(scope, state)]);
    const here = `${join(at, 'States')}.${name}`;
    return innerStates(state).flatMap(([path, states]) => checkScope(states, `${here}.${path}`, visible));
  });
  return [
    ...dangling(scope, at),
    ...unreachable(scope, at),
    ...missingEnd(scope, at),
    ...shadowed(scope, at, outer),
    ...inner,
  ];
}

function dangling(scope: States, at: string): readonly Diagnostic[] {
  const references = Object.entries(scope.States).flatMap(([name, state]) =>
    successorsOf(state).map(([field, target]) => [`States.${name}.${field}`, target] as const),
  );
  return [['StartAt', scope.StartAt] as const, ...references]
    .filter(([, target]) => !(target in scope.States))
    .map(([field, target]) =>
      problem(
        'dangling-state',
        join(at, field),
        `state '${target}' does not exist here`,
        `allowed: ${Object.keys(scope.States).join(', ')}`,
      ),
    );
}

/** Names of the states that a walk from StartAt can enter. */
function reachableStates(scope: States): ReadonlySet<string> {
  const reached = new Set<string>();
  const frontier = [scope.StartAt];
  for (let name = frontier.pop(); name !== undefined; name = frontier.pop()) {
    const state = scope.States[name];
    if (state === undefined || reached.has(name)) continue;
    reached.add(name);
    frontier.push(...successorsOf(state).map(([, target]) => target));
  }
  return reached;
}

function unreachable(scope: States, at: string): readonly Diagnostic[] {
  const reached = reachableStates(scope);
  return Object.keys(scope.States)
    .filter((name) => !reached.has(name))
    .map((name) =>
      problem('unreachable-state', join(at, `States.${name}`), 'nothing leads here', 'name it in a Next, or delete it'),
    );
}

function missingEnd(scope: States, at: string): readonly Diagnostic[] {
  const ends = [...reachableStates(scope)].some((name) => {
    const state = scope.States[name];
    return state !== undefined && (state.Type === 'Succeed' || state.Type === 'Fail' || 'End' in state);
  });
  return ends
    ? []
    : [
        problem(
          'no-end',
          at === '' ? 'state machine' : at,
          'no state that can be reached ends it',
          'give a state End: true, or add a Succeed or Fail state',
        ),
      ];
}

/** Names of states are unique in the whole state machine. Source: https://states-language.net/spec.html#states-fields (2026-11-20). */
function duplicateNames(machine: States): readonly Diagnostic[] {
  const seen = new Set<string>();
  return namesIn(machine, '').flatMap(([name, at]) => {
    if (seen.has(name))
      return [problem('duplicate-state', at, `state name '${name}' is used twice`, 'rename one of them')];
    seen.add(name);
    return [];
  });
}

const namesIn = (scope: States, at: string): readonly (readonly [name: string, at: string])[] =>
  Object.entries(scope.States).flatMap(([name, state]) => {
    const here = `${join(at, 'States')}.${name}`;
    return [[name, here] as const, ...innerStates(state).flatMap(([path, inner]) => namesIn(inner, `${here}.${path}`))];
  });

function assignmentsOf(state: State): readonly string[] {
  const exits = [
    state,
    ...('Catch' in state ? (state.Catch ?? []) : []),
    ...(state.Type === 'Choice' ? state.Choices : []),
  ];
  return exits.flatMap((exit) => Object.keys(('Assign' in exit ? exit.Assign : undefined) ?? {}));
}

/** Variables of a scope that a state may find set when it begins: its own assignments come after its inner scopes. */
const assignedBeside = (scope: States, owner: State): readonly string[] =>
  Object.values(scope.States).flatMap((state) => (state === owner ? [] : assignmentsOf(state)));

/** An inner scope cannot assign a variable of an outer one. Source: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html (2026-11-20). */
const shadowed = (scope: States, at: string, outer: ReadonlySet<string>): readonly Diagnostic[] =>
  Object.entries(scope.States).flatMap(([name, state]) =>
    assignmentsOf(state)
      .filter((variable) => outer.has(variable))
      .map((variable) =>
        problem(
          'shadowed-variable',
          join(at, `States.${name}.Assign.${variable}`),
          `variable '${variable}' belongs to an outer scope`,
          'use another name',
        ),
      ),
  );

const problem = (code: string, at: string, message: string, fix: string): Diagnostic => ({
  code,
  severity: 'error',
  at,
  message,
  fix,
});
