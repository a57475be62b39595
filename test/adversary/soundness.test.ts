import { describe, expect, it } from 'vitest';
import type { AcceptableAssumption } from '../../lib/cost/cost-context.ts';
import { aimAt, bestAttack, bestWalk, openMarket, type Target } from './attack.ts';
import { type CaseKind, EXACT, SMALL, TRAPPED, VARIED } from './generate-case.ts';
import { shippedBook } from './hand-made.ts';

const market = openMarket(shippedBook());

interface Campaign {
  readonly kind: CaseKind;
  readonly cases: number;
  readonly accepted?: readonly AcceptableAssumption[];
}

/** Calls `attack` with each case that is bounded; how many were. The seed is in every message. */
function overBounded(
  { kind, cases, accepted }: Campaign,
  attack: (bound: bigint, target: Target, seed: string) => void,
) {
  let bounded = 0;
  for (let seed = 1; seed <= cases; seed += 1) {
    const target = aimAt(seed, kind, market, accepted);
    if (target.bound === null) continue;
    bounded += 1;
    attack(target.bound, target, `seed ${seed}`);
  }
  return bounded;
}

describe('no execution spends more than the bound', () => {
  it.each([
    ['machines of every shape', { kind: VARIED, cases: 200 }],
    ['loops that may not end', { kind: TRAPPED, cases: 200 }],
    [
      'limits left to their defaults',
      { kind: { ...VARIED, leavesDefaults: true }, cases: 100, accepted: ['service-defaults'] },
    ],
    ['create errors that are agreed to be free', { kind: VARIED, cases: 100, accepted: ['free-create-errors'] }],
  ] as const)('%s', (_, campaign) => {
    overBounded(campaign, (bound, target, seed) => {
      const most = bestWalk(target, 300);

      expect(most <= bound, `${seed}: ${most} spent, ${bound} bound`).toBe(true);
    });
  });
});

describe('some execution spends all of the bound', () => {
  it.each([
    ['small machines', { kind: SMALL, cases: 600 }],
    ['machines of every shape', { kind: EXACT, cases: 300 }],
    [
      'limits left to their defaults',
      { kind: { ...SMALL, leavesDefaults: true }, cases: 150, accepted: ['service-defaults'] },
    ],
    ['create errors that are agreed to be free', { kind: SMALL, cases: 150, accepted: ['free-create-errors'] }],
  ] as const)('%s', (_, campaign) => {
    const bounded = overBounded(campaign, (bound, target, seed) => {
      expect(bestAttack(target), seed).toBe(bound);
    });

    expect(bounded / campaign.cases).toBeGreaterThan(0.9);
  });
});

it('refuses every machine in which an adversary finds no end', () => {
  let endless = 0;
  for (let seed = 1; seed <= 600; seed += 1) {
    const target = aimAt(seed, TRAPPED, market);
    if (bestAttack(target) !== null) continue;
    endless += 1;

    expect(target.bound, `seed ${seed}`).toBeNull();
    expect(target.refusals.join(), `seed ${seed}`).toContain('unbounded-loop');
  }
  expect(endless).toBeGreaterThan(20);
});
