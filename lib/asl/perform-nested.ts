import type { Draft, Outcome } from './draft.ts';
import { evaluateTo, LIST, NATURAL } from './expected-types.ts';
import type { JsonValue } from './json.ts';
import { beginScopes, type ScopeInputs } from './nested-scopes.ts';
import type { MapState, ParallelState } from './state-machine.ts';
import type { Step } from './step.ts';

/** Every item's input is made before the first iteration begins. */
export async function performMap(draft: Draft, scopeId: string, state: MapState): Promise<readonly Step[]> {
  const inputs = await itemInputs(draft, scopeId, state);
  if (!inputs.ok) return [{ kind: 'fail', scope: scopeId, failure: inputs.failure }];
  const limit = await evaluateTo(draft, scopeId, ['MaxConcurrency', state.MaxConcurrency ?? 0], NATURAL);
  if (!limit.ok) return [{ kind: 'fail', scope: scopeId, failure: limit.failure }];
  draft.record(scopeId, 'MapStateStarted', { length: inputs.value.length });
  return beginScopes(draft, scopeId, inputs.value, limit.value === 0 ? inputs.value.length : limit.value);
}

/** Each branch gets the same input. */
export async function performParallel(draft: Draft, scopeId: string, state: ParallelState): Promise<readonly Step[]> {
  const input: Outcome =
    state.Arguments === undefined
      ? { ok: true, value: draft.scope(scopeId).activity.input }
      : await draft.evaluate(scopeId, 'Arguments', state.Arguments);
  if (!input.ok) return [{ kind: 'fail', scope: scopeId, failure: input.failure }];
  draft.record(scopeId, 'ParallelStateStarted');
  const inputs = state.Branches.map(() => ({ input: input.value }));
  return beginScopes(draft, scopeId, inputs, inputs.length);
}

async function itemInputs(draft: Draft, scopeId: string, state: MapState): Promise<Outcome<ScopeInputs>> {
  const items = await itemsOf(draft, scopeId, state);
  if (!items.ok) return items;
  const inputs: { readonly input: JsonValue; readonly item: JsonValue }[] = [];
  for (const [index, value] of items.value.entries()) {
    const input: Outcome =
      state.ItemSelector === undefined
        ? { ok: true, value }
        : await draft.evaluate(scopeId, 'ItemSelector', state.ItemSelector, { item: { index, value } });
    if (!input.ok) return input;
    inputs.push({ input: input.value, item: value });
  }
  return { ok: true, value: inputs };
}

async function itemsOf(draft: Draft, scopeId: string, state: MapState): Promise<Outcome<readonly JsonValue[]>> {
  if (state.Items !== undefined) return evaluateTo(draft, scopeId, ['Items', state.Items], LIST);
  const { input } = draft.scope(scopeId).activity;
  if (LIST.accepts(input)) return { ok: true, value: input };
  return draft.queryFailure(scopeId, `Map state input must be an array but was: ${JSON.stringify(input)}`);
}
