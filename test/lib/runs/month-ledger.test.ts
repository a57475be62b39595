import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../lib/contracts/ledger.ts';
import {
  claimOf,
  executionMonth,
  findReservation,
  holdReservation,
  openLedger,
  previousMonth,
  remainingUsd,
  reserve,
  settleReservation,
  startedBefore,
} from '../../../lib/runs/month-ledger.ts';
import { type Usd, usd, usdToDecimal } from '../../../lib/units/usd.ts';

const request = (execution: string, bound: string, monthBudget = '10') => ({
  execution,
  executionArn: `arn:${execution}`,
  startTime: '2026-11-20T10:00:00.123Z',
  bound: usd(bound),
  definitionDigest: 'e'.repeat(64),
  runBudget: usd('6'),
  monthBudget: usd(monthBudget),
});
const empty = openLedger('flights', '2026-11', usd('10'));

function reserved(ledger: Ledger, execution: string, bound: string): Ledger {
  const outcome = reserve(ledger, request(execution, bound));
  if (outcome.kind !== 'reserved') throw new Error(outcome.kind);
  return outcome.ledger;
}

describe('the month of a ledger', () => {
  it('is the UTC month in which the execution started', () => {
    expect(executionMonth('2026-11-30T23:59:59.999Z')).toBe('2026-11');
    expect(executionMonth('2026-12-01T00:00:00.000Z')).toBe('2026-12');
    expect(previousMonth('2026-11')).toBe('2026-10');
    expect(previousMonth('2027-01')).toBe('2026-12');
  });
});

describe('reserving', () => {
  it('takes the bound from the month until what was billed is known', () => {
    const ledger = reserved(empty, 'a', '5.5');
    expect(usdToDecimal(remainingUsd(ledger))).toBe('4.5');

    const settled = settleReservation(ledger, 'a', usd('0.123456789012'));

    expect(usdToDecimal(remainingUsd(settled))).toBe('9.876543210988');
  });

  it('is done once per execution', () => {
    const ledger = reserved(empty, 'a', '5.5');

    expect(reserve(ledger, request('a', '5.5'))).toMatchObject({
      kind: 'held',
      bound: usd('5.5'),
      remaining: usd('4.5'),
    });
  });

  it('allows exactly what remains, and refuses a picodollar more with both amounts', () => {
    const ledger = reserved(empty, 'a', '5.5');

    expect(reserve(ledger, request('b', '4.5')).kind).toBe('reserved');
    expect(reserve(ledger, request('b', '4.500000000001'))).toEqual({
      kind: 'refused',
      reason: 'a run could cost $4.51, of the budget of 2026-11 remain $4.50 of $10.00',
    });
  });

  it('refuses a run above its own budget whatever the month has', () => {
    expect(reserve(empty, request('a', '6.01'))).toEqual({
      kind: 'refused',
      reason: 'a run could cost $6.01, its budget is $6.00',
    });
  });

  it('counts by the budget of the moment, also where it was lowered below what is promised', () => {
    const ledger = reserved(empty, 'a', '5.5');

    expect(reserve(ledger, request('b', '1', '2'))).toMatchObject({
      kind: 'refused',
      reason: /remain \$0.00 of \$2.00/,
    });
    expect(reserve(ledger, request('b', '6', '20'))).toMatchObject({ kind: 'reserved', ledger: { budgetUsd: '20' } });
  });

  it('admits nobody again who was settled: a job could start that nothing is held for', () => {
    const settled = settleReservation(reserved(empty, 'a', '5'), 'a', usd('1'));

    expect(reserve(settled, request('a', '5'))).toEqual({
      kind: 'refused',
      reason: 'execution a has been settled already',
    });
  });

  it('takes a release back, and holds the whole bound again', () => {
    const settled = settleReservation(reserved(empty, 'a', '5'), 'a', usd('1'));
    const held = holdReservation(settled, 'a');

    expect(usdToDecimal(remainingUsd(held))).toBe('5');
    expect(holdReservation(held, 'a')).toBe(held);
    expect(holdReservation(held, 'b')).toBe(held);
  });

  it('knows when an execution started at the latest, also where that was not recorded', () => {
    const { reservations } = reserved(empty, 'a', '5');
    const [reservation] = reservations;
    if (reservation === undefined) throw new Error('nothing reserved');
    const { startTime: _, ...old } = reservation;

    expect(startedBefore('2026-11', reservation)).toBe(Date.parse('2026-11-20T10:00:00.123Z'));
    expect(startedBefore('2026-11', old)).toBe(Date.parse('2026-12-01T00:00:00.000Z'));
    expect(startedBefore('2026-12', old)).toBe(Date.parse('2027-01-01T00:00:00.000Z'));
  });

  it('settles nothing twice and nothing that was not reserved', () => {
    const settled = settleReservation(reserved(empty, 'a', '5'), 'a', usd('1'));

    expect(settleReservation(settled, 'a', usd('1'))).toBe(settled);
    expect(settleReservation(settled, 'b', usd('1'))).toBe(settled);
    expect(usdToDecimal(remainingUsd(settleReservation(settled, 'a', usd('2'))))).toBe('8');
  });

  it('never promises more than the budget, whatever is reserved and settled in whatever order', () => {
    const cents = fc.nat({ max: 700 }).map((amount) => usd((amount / 100).toFixed(2)));
    const step = fc.record({
      execution: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      amount: cents,
      settles: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const ledgers = [empty];
        for (const next of steps) ledgers.push(applied(ledgers.at(-1) ?? empty, next));

        for (const ledger of ledgers) {
          const executions = ledger.reservations.map(({ execution }) => execution);
          expect(remainingUsd(ledger) >= 0n).toBe(true);
          expect(new Set(executions).size).toBe(executions.length);
        }
      }),
    );
  });
});

interface Step {
  readonly execution: string;
  readonly amount: Usd;
  readonly settles: boolean;
}

/** Jobs cost at most what was reserved for them; what was billed once does not grow. */
function applied(ledger: Ledger, { execution, amount, settles }: Step): Ledger {
  const held = findReservation(ledger, execution);
  if (settles && held !== undefined) {
    const most = claimOf(held);
    return settleReservation(ledger, execution, amount > most ? most : amount);
  }
  const outcome = reserve(ledger, request(execution, usdToDecimal(amount)));
  return outcome.kind === 'reserved' ? outcome.ledger : ledger;
}
