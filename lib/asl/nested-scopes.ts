import type { Draft } from './draft.ts';
import { activityIn } from './enter-state.ts';
import type { Awaiting } from './execution.ts';
import type { JsonValue } from './json.ts';
import type { Step } from './step.ts';

type AwaitingScopes = Extract<Awaiting, { kind: 'scopes' }>;
export type ScopeInputs = AwaitingScopes['inputs'];

/** Begins the iterations of a Map state or the branches of a Parallel state, at most `concurrency` at once. */
export function beginScopes(draft: Draft, owner: string, inputs: ScopeInputs, concurrency: number): readonly Step[] {
  draft.await(owner, { kind: 'scopes', inputs, outputs: inputs.map(() => null), next: 0, concurrency });
  return inputs.length === 0 ? [completion(owner, [])] : beginNext(draft, owner);
}

/** One of them reached its end: begin the next, or complete the state once all have. */
export function endScope(draft: Draft, scopeId: string, output: JsonValue): readonly Step[] {
  const { parent, index } = draft.scope(scopeId);
  if (parent === null) {
    draft.record(scopeId, 'ExecutionSucceeded', { output });
    draft.change({ status: 'SUCCEEDED', output, stopTime: draft.event.timestamp, scopes: {} });
    return [];
  }
  const { activity } = draft.scope(parent);
  if (activity.awaiting.kind !== 'scopes') return [];
  if (draft.stateOf(parent).Type === 'Map') draft.record(scopeId, 'MapIterationSucceeded', { index }, activity.state);
  const { historyId } = draft.scope(scopeId);
  draft.dropScope(scopeId);
  const outputs = activity.awaiting.outputs.map((known, place) => (place === index ? { output } : known));
  draft.putScope(parent, { ...draft.scope(parent), historyId });
  draft.await(parent, { ...activity.awaiting, outputs });
  const done = outputs.flatMap((known) => (known === null ? [] : [known.output]));
  return done.length === outputs.length ? [completion(parent, done)] : beginNext(draft, parent);
}

const completion = (owner: string, outputs: readonly JsonValue[]): Step => ({
  kind: 'complete',
  scope: owner,
  result: outputs,
});

function beginNext(draft: Draft, owner: string): readonly Step[] {
  const { awaiting } = draft.scope(owner).activity;
  if (awaiting.kind !== 'scopes') return [];
  const free = awaiting.concurrency - draft.childrenOf(owner).length;
  const last = Math.min(awaiting.inputs.length, awaiting.next + free);
  const begun = awaiting.inputs.slice(awaiting.next, last);
  const first = awaiting.next;
  draft.await(owner, { ...awaiting, next: last });
  return begun.map(({ input, item }, place) => beginScope(draft, owner, { index: first + place, input, item }));
}

interface NewScope {
  readonly index: number;
  readonly input: JsonValue;
  readonly item: JsonValue | undefined;
}

function beginScope(draft: Draft, owner: string, { index, input, item }: NewScope): Step {
  const id = draft.newId('scope');
  const { historyId, activity } = draft.scope(owner);
  const scope = { parent: owner, index, variables: {}, historyId, activity: activityIn('', input) };
  draft.putScope(id, item === undefined ? scope : { ...scope, item });
  if (draft.stateOf(owner).Type === 'Map') draft.record(id, 'MapIterationStarted', { index }, activity.state);
  return { kind: 'enter', scope: id, state: draft.statesOf(id).StartAt, input };
}

/** Nothing that the scope's state waits for is wanted any more, its inner scopes least of all. */
export function abandonWork(draft: Draft, scopeId: string): void {
  const { activity } = draft.scope(scopeId);
  for (const child of draft.childrenOf(scopeId)) {
    abandonWork(draft, child);
    const { index } = draft.scope(child);
    if (draft.stateOf(scopeId).Type === 'Map') draft.record(child, 'MapIterationAborted', { index }, activity.state);
    draft.dropScope(child);
  }
  const { awaiting } = activity;
  if (awaiting.kind === 'task') {
    draft.emit({ kind: 'cancel', id: awaiting.id });
    cancelTimeout(draft, awaiting.timeoutId);
  }
  if (awaiting.kind === 'wait' || awaiting.kind === 'retry') draft.emit({ kind: 'cancel', id: awaiting.id });
  draft.await(scopeId, { kind: 'entry' });
}

export function cancelTimeout(draft: Draft, timeoutId: string | null): void {
  if (timeoutId !== null) draft.emit({ kind: 'cancel', id: timeoutId });
}
