import { isUnresolved } from '../../lib/cost/unresolved.ts';
import { stronglyConnectedComponents } from '../../lib/cost/workflow/graph.ts';
import type { Proofs, ProvenLoop } from '../../lib/cost/workflow/proofs.ts';
import { type Scope, successorsOf, type WorkflowState } from '../../lib/cost/workflow/workflow.ts';
import type { Observed } from './jsonpath-execution.ts';

/** Whether a call is one that a variant stands for: equal, but for numbers that may be smaller and what is not known. */
export function isCoveredBy(actual: unknown, variant: unknown): boolean {
  if (isUnresolved(variant)) return true;
  if (typeof actual === 'number' && typeof variant === 'number') return actual <= variant;
  if (Array.isArray(actual) || Array.isArray(variant)) {
    return (
      Array.isArray(actual) &&
      Array.isArray(variant) &&
      areCovered(new Map(actual.entries()), new Map(variant.entries()))
    );
  }
  if (typeof actual !== 'object' || typeof variant !== 'object' || actual === null || variant === null) {
    return actual === variant;
  }
  return areCovered(new Map(Object.entries(actual)), new Map(Object.entries(variant)));
}

/** A field of which nothing is known may be missing, too. */
const areCovered = <Key>(actual: ReadonlyMap<Key, unknown>, variant: ReadonlyMap<Key, unknown>): boolean =>
  [...actual.keys()].every((key) => variant.has(key)) &&
  [...variant].every(([key, value]) => (actual.has(key) ? isCoveredBy(actual.get(key), value) : isUnresolved(value)));

/** A proof, and the circle that it is of: its states, and the ways between them that are no entrance. */
export interface LoopClaim extends ProvenLoop {
  readonly component: ReadonlySet<string>;
  readonly isInside: (from: string, to: string) => boolean;
}

/** Every proof of the scope's loops, and of those that are left inside them without the guarded ways. */
export function loopClaims(scope: Scope, proofs: Proofs): readonly LoopClaim[] {
  const ways = [...scope.states.values()].flatMap((state) =>
    successorsOf(state).map(({ next }) => [state.name, next] as const),
  );
  return claimsIn(new Set(scope.states.keys()), ways, { scope, proofs });
}

interface Asked {
  readonly scope: Scope;
  readonly proofs: Proofs;
}

function claimsIn(
  states: ReadonlySet<string>,
  ways: readonly (readonly [string, string])[],
  asked: Asked,
): readonly LoopClaim[] {
  const next = (node: string) => ways.filter(([from]) => from === node).map(([, to]) => to);
  return stronglyConnectedComponents({ nodes: [...states], successorsOf: next }).flatMap((nodes) => {
    const component = new Set(nodes);
    const inside = ways.filter(([from, to]) => component.has(from) && component.has(to));
    const proof = inside.length === 0 ? undefined : asked.proofs.loopOf(component, asked.scope);
    if (proof === undefined) return [];
    const rest = inside.filter(([from, to]) => from !== proof.guard || !proof.targets.includes(to));
    if (rest.length === inside.length) return [];
    const isInside = (from: string, to: string) => inside.some(([a, b]) => a === from && b === to);
    return [{ ...proof, component, isInside }, ...claimsIn(component, rest, asked)];
  });
}

/** The most guarded ways that a walk took between two entrances into the loop. */
export function lapsIn(walk: readonly string[], { guard, targets, isInside }: LoopClaim): number {
  let [most, laps] = [0, 0];
  for (const [place, state] of walk.entries()) {
    const from = walk[place - 1];
    if (from === undefined || !isInside(from, state)) laps = 0;
    else if (from === guard && targets.includes(state)) laps += 1;
    most = Math.max(most, laps);
  }
  return most;
}

/** How much of what was observed the proofs spoke of. */
export interface Witnessed {
  readonly calls: number;
  readonly maps: number;
  readonly loops: number;
  readonly laps: number;
}

/** Holds an execution against the proofs; what it did that they exclude is thrown. */
export function witness(scope: Scope, proofs: Proofs, { walk, calls, maps }: Observed): Witnessed {
  const states = new Map<string, WorkflowState>(scope.states);
  for (const state of scope.states.values()) {
    if (state.type === 'Map') for (const [name, inner] of state.processor.states) states.set(name, inner);
  }
  for (const { state: name, actual } of calls) {
    const state = states.get(name);
    const variants = state?.type === 'Task' ? proofs.argumentsOf(state) : [];
    if (!variants.some((variant) => isCoveredBy(actual, variant))) {
      throw new Error(`${name} was called with ${JSON.stringify(actual)}, proven: ${JSON.stringify(variants)}`);
    }
  }
  const counted = maps.flatMap(({ state: name, items }) => {
    const state = states.get(name);
    const proven = state?.type === 'Map' ? proofs.itemsOf(state) : undefined;
    if (proven !== undefined && items > proven.count)
      throw new Error(`${name} had ${items} items, proven: ${proven.count}`);
    return proven === undefined ? [] : [items];
  });
  const claims = loopClaims(scope, proofs).map((claim) => {
    const laps = lapsIn(walk, claim);
    if (laps > claim.laps) throw new Error(`${claim.guard} let ${laps} laps begin, proven: ${claim.laps}`);
    return laps;
  });
  return {
    calls: calls.length,
    maps: counted.length,
    loops: claims.length,
    laps: claims.reduce((sum, laps) => sum + laps, 0),
  };
}
