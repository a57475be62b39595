import type { MapState, Retrier, State, States } from '../asl/state-machine.ts';
import { addUsd, ZERO_USD } from '../units/usd.ts';
import { type CostNode, leaf, sum, times } from './cost-node.ts';
import { priceOf } from './price-book.ts';
import type { Refusal } from './refusal.ts';
import { boundTry, type CostContext } from './task-bound.ts';

/** Retries of a retrier that names no number. Source: https://states-language.net/spec.html#retrying-after-error (2026-11-20). */
const DEFAULT_MAX_ATTEMPTS = 3;

export interface StatesBound {
  readonly node: CostNode;
  readonly refusals: readonly Refusal[];
}

/**
 * The most that one pass through the states can cost: the dearest path from the start, every task at all of its
 * tries, every state entered a transition. Each retrier keeps its own count, so tries add up over retriers.
 */
export function boundStates(states: States, label: string, at: string, context: CostContext): StatesBound {
  const refusals: Refusal[] = [];
  const dearest = new Map<string, readonly CostNode[]>();
  const entered = new Set<string>();

  const visit = (name: string): readonly CostNode[] => {
    const known = dearest.get(name);
    if (known !== undefined) return known;
    const state = states.States[name];
    if (state === undefined) return [];
    if (entered.has(name)) {
      refusals.push({
        at: `${at}.${name}`,
        message: 'is entered again: a loop without a provable end',
        fix: 'break the loop',
      });
      return [];
    }
    entered.add(name);
    const own = boundState(name, state, `${at}.${name}`, context);
    refusals.push(...own.refusals);
    const path = [own.node, ...successorsOf(state).map(visit).reduce(dearer, [])];
    dearest.set(name, path);
    return path;
  };

  return { node: sum(label, at, visit(states.StartAt)), refusals };
}

const total = (path: readonly CostNode[]) => addUsd(...path.map((node) => node.usd));
const dearer = (a: readonly CostNode[], b: readonly CostNode[]): readonly CostNode[] => (total(b) > total(a) ? b : a);

function boundState(name: string, state: State, at: string, context: CostContext): StatesBound {
  const transition = leaf('transition', at, priceOf(context.book, 'stepfunctions.standard.transition'));
  switch (state.Type) {
    case 'Task': {
      const attempt = boundTry(state.Resource, state.Arguments, at, context);
      if (isRefused(attempt)) return { node: leaf(name, at, ZERO_USD), refusals: attempt };
      return {
        node: times(name, `${at}.Retry`, triesOf(state.Retry), sum('one try', at, [attempt, transition])),
        refusals: [],
      };
    }
    case 'Map':
      return boundMap(name, state, at, context);
    case 'Parallel':
      return refused(name, at, 'Parallel is not part of this machine', 'use states in sequence');
    case 'Choice':
    case 'Pass':
    case 'Wait':
    case 'Succeed':
    case 'Fail':
      return { node: sum(name, at, [transition]), refusals: [] };
  }
}

function boundMap(name: string, state: MapState, at: string, context: CostContext): StatesBound {
  const count = provableCount(state.Items);
  if (count === undefined) {
    return refused(
      name,
      `${at}.Items`,
      `${JSON.stringify(state.Items)} has no provable length`,
      'give a literal array, or select with a literal range: [$items[[0..3]]]',
    );
  }
  if (state.Retry !== undefined)
    return refused(name, `${at}.Retry`, 'a Map with retries runs its items again', 'retry inside the Map');
  const iteration = boundStates(state.ItemProcessor, 'one item', `${at}.ItemProcessor`, context);
  const transition = leaf('transition', at, priceOf(context.book, 'stepfunctions.standard.transition'));
  const node = sum(name, at, [times(`${count} items`, `${at}.Items`, count, iteration.node), transition]);
  return { node, refusals: iteration.refusals };
}

const refused = (name: string, at: string, message: string, fix: string): StatesBound => ({
  node: leaf(name, at, ZERO_USD),
  refusals: [{ at, message, fix }],
});

/** Length of a literal array, or of a selection by a literal range `[$items[[0..n]]]`: at most n + 1. */
function provableCount(items: unknown): number | undefined {
  if (Array.isArray(items)) return items.length;
  const range = typeof items === 'string' ? /^\{%\s*\[[$\w.]+\[\[0\.\.(\d+)\]\]\]\s*%\}$/.exec(items) : null;
  return range?.[1] === undefined ? undefined : Number(range[1]) + 1;
}

export function triesOf(retriers: readonly Retrier[] | undefined): number {
  return (retriers ?? []).reduce((tries, retrier) => tries + (retrier.MaxAttempts ?? DEFAULT_MAX_ATTEMPTS), 1);
}

function successorsOf(state: State): readonly string[] {
  const choices = state.Type === 'Choice' ? [...state.Choices.map((rule) => rule.Next), state.Default] : [];
  const catches = 'Catch' in state ? (state.Catch ?? []).map((catcher) => catcher.Next) : [];
  const next = 'Next' in state ? [state.Next] : [];
  return [...next, ...choices, ...catches].filter((name) => name !== undefined);
}

export const isRefused = (bound: CostNode | readonly Refusal[]): bound is readonly Refusal[] => Array.isArray(bound);
