import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundOf, FLOW_BOOK } from '../../../support/cost-flow.ts';
import { renamed, workflow } from '../../../support/random-workflow.ts';
import { type AdversaryScope, type AdversaryState, spend } from '../../../support/spending-adversary.ts';

/** Tenths of a dollar, without the start and the end of the execution. */
const tenths = (scope: AdversaryScope): number =>
  Number(boundOf({ QueryLanguage: 'JSONata', ...scope }).node.usd / 100_000_000_000n) - 2;

describe('the bound of an execution', () => {
  it('is exactly what the best adversary spends, on every machine of three simple states', () => {
    for (const first of SIMPLE) {
      for (const second of SIMPLE) {
        for (const third of LAST) {
          const states = { A: first('B', 'C'), B: second('C', 'C'), C: third };
          const scope = renamed({ StartAt: 'A', States: states }, (name, path) => `${path}${name}`);
          expect(tenths(scope)).toBe(spend(scope).anyhow);
        }
      }
    }
  });

  it('is exactly what the best adversary spends, on random machines with scopes in scopes', () => {
    fc.assert(
      fc.property(workflow(2), (scope) => {
        expect(tenths(scope)).toBe(spend(scope).anyhow);
      }),
      { numRuns: 1_500 },
    );
  });

  it('does not depend on the names of states', () => {
    fc.assert(
      fc.property(workflow(2), fc.integer({ min: 1, max: 99 }), (scope, salt) => {
        const other = renamed(scope, (name) => `${salt * 31 + name.length * 7} ${[...name].reverse().join('')}`);

        expect(tenths(other)).toBe(tenths(scope));
      }),
      { numRuns: 200 },
    );
  });

  it('only grows with further attempts of any retrier', () => {
    fc.assert(
      fc.property(workflow(1), (scope) => {
        expect(tenths(withOneMoreAttempt(scope))).toBeGreaterThanOrEqual(tenths(scope));
      }),
      { numRuns: 200 },
    );
  });

  it('only grows with prices', () => {
    const dearer = { ...FLOW_BOOK, prices: FLOW_BOOK.prices.map((price) => ({ ...price, usd: '0.3' })) };
    fc.assert(
      fc.property(workflow(1), (scope) => {
        const before = boundOf(scope).node.usd;
        const after = boundOf(scope, { book: dearer }).node.usd;

        expect(after > before && after <= 3n * before).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

type Place = (near: string, far: string) => AdversaryState;

const TASK: AdversaryState = { Type: 'Task', Resource: 'arn:aws:states:::fake:1' };
const HANDLED = [
  {},
  { Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2 }] },
  {
    Retry: [
      { ErrorEquals: ['A'], MaxAttempts: 1 },
      { ErrorEquals: ['A', 'B'], MaxAttempts: 2 },
    ],
  },
  {
    Retry: [
      { ErrorEquals: ['States.TaskFailed'], MaxAttempts: 1 },
      { ErrorEquals: ['A'], MaxAttempts: 9 },
    ],
  },
];
const SIMPLE: readonly Place[] = [
  () => ({ Type: 'Fail' }),
  () => ({ Type: 'Succeed' }),
  (near) => ({ Type: 'Pass', Next: near }),
  (near, far) => ({ Type: 'Choice', Choices: [{ Next: near }], Default: far }),
  (near) => ({ Type: 'Parallel', Branches: [{ StartAt: 'X', States: { X: { Type: 'Fail' } } }], Next: near }),
  ...HANDLED.flatMap((handled): readonly Place[] => [
    (near) => ({ ...TASK, ...handled, Next: near }),
    (near, far) => ({ ...TASK, ...handled, Next: near, Catch: [{ ErrorEquals: ['States.ALL'], Next: far }] }),
    (near, far) => ({ ...TASK, ...handled, Next: far, Catch: [{ ErrorEquals: ['A'], Next: near }] }),
  ]),
];
const LAST: readonly AdversaryState[] = [
  { Type: 'Succeed' },
  { Type: 'Fail' },
  { ...TASK, Resource: 'arn:aws:states:::fake:7', ...{ End: true } },
];

function withOneMoreAttempt(scope: AdversaryScope): AdversaryScope {
  const states = Object.entries(scope.States).map(([name, state]) => {
    const Retry = state.Retry?.map((retrier) => ({ ...retrier, MaxAttempts: (retrier.MaxAttempts ?? 3) + 1 }));
    return [name, Retry === undefined ? state : { ...state, Retry }] as const;
  });
  return { ...scope, States: Object.fromEntries(states) };
}
