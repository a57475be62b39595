import fc from 'fast-check';
import { costs } from './cost-flow.ts';
import type { AdversaryScope, AdversaryState } from './spending-adversary.ts';

const ERRORS = ['A', 'B', 'States.Timeout', 'States.TaskFailed', 'States.ALL'];
const errors = fc.uniqueArray(fc.constantFrom(...ERRORS), { minLength: 1, maxLength: 2 });
const retriers = fc.array(fc.record({ ErrorEquals: errors, MaxAttempts: fc.nat(2) }), { maxLength: 3 });

/** A state before its place in a scope is known: where it leads is a number of states ahead. */
interface Shape {
  readonly state: AdversaryState;
  readonly ahead: number;
  readonly caught: readonly { readonly ErrorEquals: readonly string[]; readonly ahead: number }[];
}

const leaf: fc.Arbitrary<AdversaryState> = fc.oneof(
  fc.record({ Type: fc.constant('Task'), Resource: fc.nat(4).map(costs), Retry: retriers }),
  fc.constantFrom({ Type: 'Pass' }, { Type: 'Succeed' }, { Type: 'Fail' }, { Type: 'Choice' }, { Type: 'Choice' }),
);

const concurrency = fc.option(fc.nat(3), { nil: undefined });

function nested(depth: number): fc.Arbitrary<AdversaryState> {
  if (depth === 0) return leaf;
  const inner = scopeShape(depth - 1);
  return fc.oneof(
    { arbitrary: leaf, weight: 3 },
    fc.record({
      Type: fc.constant('Parallel'),
      Branches: fc.array(inner, { minLength: 1, maxLength: 2 }),
      Retry: retriers,
    }),
    fc.record(
      {
        Type: fc.constant('Map'),
        ItemProcessor: fc
          .tuple(inner, fc.constantFrom({ Mode: 'INLINE' }, { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }))
          .map(([scope, ProcessorConfig]) => ({ ...scope, ProcessorConfig })),
        MaxItems: fc.nat(3),
        Items: fc.array(fc.constant('item'), { maxLength: 3 }),
        MaxConcurrency: concurrency,
        ToleratedFailureCount: fc.nat(1),
        Retry: retriers,
      },
      { requiredKeys: ['Type', 'ItemProcessor', 'MaxItems', 'Retry'] },
    ),
  );
}

const shape = (depth: number): fc.Arbitrary<Shape> =>
  fc.record({
    state: nested(depth),
    ahead: fc.nat(3),
    caught: fc.array(fc.record({ ErrorEquals: errors, ahead: fc.integer({ min: 1, max: 3 }) }), { maxLength: 2 }),
  });

/** Names are made unique afterwards. */
function scopeShape(depth: number): fc.Arbitrary<AdversaryScope> {
  return fc.array(shape(depth), { minLength: 1, maxLength: 4 }).map((shapes) => {
    const states = shapes.map((one, place) => [`S${place}`, placed(one, place, shapes.length)] as const);
    return { StartAt: 'S0', States: Object.fromEntries(states) };
  });
}

/** A definition without loops: every state leads to later ones, or ends. */
export const workflow = (depth: number): fc.Arbitrary<AdversaryScope> =>
  scopeShape(depth).map((scope) => renamed(scope, (name, path) => `${path}${name}`));

function placed({ state, ahead, caught }: Shape, place: number, size: number): AdversaryState {
  const at = (steps: number): string => `S${Math.min(place + steps, size - 1)}`;
  const isLast = place === size - 1;
  if (state.Type === 'Succeed' || state.Type === 'Fail') return state;
  if (state.Type === 'Choice') {
    return isLast ? { Type: 'Succeed' } : { Type: 'Choice', Choices: [{ Next: at(1) }], Default: at(ahead + 1) };
  }
  const Catch = caught.map(({ ErrorEquals, ahead: steps }) => ({ ErrorEquals, Next: at(steps) }));
  const recovery = state.Type === 'Pass' || isLast ? {} : { Catch };
  const ending = isLast || ahead === 0 ? { End: true } : { Next: at(ahead) };
  return { ...state, ...recovery, ...ending };
}

type Rename = (name: string, path: string) => string;

/** The same definition with other names of its states. */
export function renamed(scope: AdversaryScope, rename: Rename, path = ''): AdversaryScope {
  const to = (name: string): string => rename(name, path);
  const states = Object.entries(scope.States).map(([name, state]) => {
    const inner = `${path}${name}.`;
    const { Next, Default, Choices, Catch, Branches, ItemProcessor } = state;
    const changed: AdversaryState = {
      ...state,
      ...(Next === undefined ? {} : { Next: to(Next) }),
      ...(Default === undefined ? {} : { Default: to(Default) }),
      ...(Choices === undefined ? {} : { Choices: Choices.map((rule) => ({ ...rule, Next: to(rule.Next) })) }),
      ...(Catch === undefined ? {} : { Catch: Catch.map((catcher) => ({ ...catcher, Next: to(catcher.Next ?? '') })) }),
      ...(Branches === undefined
        ? {}
        : { Branches: Branches.map((branch, place) => renamed(branch, rename, `${inner}${place}.`)) }),
      ...(ItemProcessor === undefined
        ? {}
        : { ItemProcessor: { ...ItemProcessor, ...renamed(ItemProcessor, rename, inner) } }),
    };
    return [to(name), changed] as const;
  });
  return { ...scope, StartAt: to(scope.StartAt), States: Object.fromEntries(states) };
}
