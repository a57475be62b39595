import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handler as admitRun } from '../../lambdas/admit-run/handler.ts';
import { handler as settleRun } from '../../lambdas/settle-run/handler.ts';
import type { Ledger, Receipt } from '../../lib/contracts/ledger.ts';
import type { AdmitRunInput, AdmitRunOutput } from '../../lib/contracts/state-payload.ts';
import { remainingUsd } from '../../lib/runs/month-ledger.ts';
import type { FakeCloud } from '../support/fake-cloud.ts';
import { type Interleaving, playEveryInterleaving } from '../support/interleavings.ts';
import { DIRECT } from '../support/memory-s3.ts';
import { admissionOf, BUCKET, deploy, RUN_PROGRAM } from '../support/pipeline-world.ts';

// Who lost a conditional write tries again at once: pauses would only hide orders.
vi.mock('node:timers/promises', async (original) => ({
  ...(await original<typeof import('node:timers/promises')>()),
  setTimeout: async () => undefined,
}));

const FIRST = admissionOf('2001-07-01T08:00:00Z');
const SECOND = admissionOf('2001-07-02T08:00:00Z');
const STOP = Date.parse('2026-11-20T09:00:00Z');
const JOB = `flight-delays-${FIRST.execution}-t0-0a1b2c3d`;
/** Two bounds of $5.50 do not fit. */
const TIGHT = { ...RUN_PROGRAM, monthBudgetUsd: '10' };

/** Of the longer scenarios: all of their orders would be tens of thousands. */
const PREEMPTIONS = 3;

let cloud: FakeCloud;
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: STOP + 600_000 }));
afterEach(() => {
  vi.useRealTimers();
  cloud.restore();
});

const ledger = (): Ledger => cloud.s3.json(`${BUCKET}/ledger/flight-delays/2026-11.json`) as Ledger;
const receiptOf = ({ execution }: AdmitRunInput): Receipt =>
  cloud.s3.json(`${BUCKET}/runs/flight-delays/executions/${execution}/receipt.json`) as Receipt;
const ended = ({ executionArn, execution, startTime }: AdmitRunInput) => ({
  detail: { executionArn, name: execution, status: 'ABORTED', startDate: Date.parse(startTime), stopDate: STOP },
});
const running = (run: AdmitRunInput): void => void cloud.executions.set(run.executionArn, { status: 'RUNNING' });
const stopped = (run: AdmitRunInput): void =>
  void cloud.executions.set(run.executionArn, { status: 'ABORTED', stop: new Date(STOP) });

/** As it was deployed, before any run. */
function empty(): void {
  for (const path of cloud.s3.paths(`${BUCKET}/`)) cloud.s3.objects.delete(path);
  cloud.executions.clear();
  cloud.trainingJobs.clear();
  cloud.wire = DIRECT;
}

/** Requests whose order matters take turns; what never changes is read at once. */
function takeTurns(order: Interleaving, check: () => void): void {
  const matters = (call: string): boolean => /2026-11|receipt|list training/.test(call);
  cloud.wire = {
    before: async (call) => {
      if (matters(call)) await order.turn();
    },
    after: check,
  };
}

/** What is promised fits the month, and nothing is released of which a job goes on. */
function checkLedger(): void {
  const stored = ledger();
  if (stored === undefined) return;
  if (remainingUsd(stored) < 0n) throw new Error('promised more than the budget');
  const isBusy = [...cloud.trainingJobs.values()].some(({ status }) => status !== 'Stopped');
  const isReleased = stored.reservations.some(
    ({ execution, state }) => execution === FIRST.execution && state === 'settled',
  );
  if (isBusy && isReleased) throw new Error('released while a job went on');
}

describe('in every order of their requests', () => {
  it('one of two runs gets the last dollars, and the other one the reason', async () => {
    cloud = deploy(TIGHT);
    const orders = await playEveryInterleaving(async (order) => {
      empty();
      for (const run of [FIRST, SECOND]) running(run);
      takeTurns(order, checkLedger);

      const answers = (await order.play(
        () => admitRun(FIRST),
        () => admitRun(SECOND),
      )) as readonly AdmitRunOutput[];

      expect(answers.filter(({ admitted }) => admitted)).toHaveLength(1);
      expect(answers).toContainEqual({
        admitted: false,
        reason: 'a run could cost $5.50, of the budget of 2026-11 remain $4.50 of $10.00',
      });
      expect(ledger().reservations).toHaveLength(1);
    });

    expect(orders).toBeGreaterThanOrEqual(20);
  });

  it('one of two attempts of a slot runs', async () => {
    cloud = deploy();
    const again = admissionOf(FIRST.slot, 1);
    await playEveryInterleaving(async (order) => {
      empty();
      for (const run of [FIRST, again]) running(run);
      takeTurns(order, checkLedger);

      const answers = (await order.play(
        () => admitRun(FIRST),
        () => admitRun(again),
      )) as readonly AdmitRunOutput[];

      expect(answers.filter(({ admitted }) => admitted)).toHaveLength(1);
    });
  });

  it('an execution that is admitted twice at once holds one reservation', async () => {
    cloud = deploy();
    await playEveryInterleaving(async (order) => {
      empty();
      running(FIRST);
      takeTurns(order, checkLedger);

      const answers = (await order.play(
        () => admitRun(FIRST),
        () => admitRun(FIRST),
      )) as readonly AdmitRunOutput[];

      expect(answers.map(({ admitted }) => admitted)).toEqual([true, true]);
      expect(ledger().reservations).toHaveLength(1);
    });
  });

  it('a run is admitted beside the settlement of another one without promising its money twice', async () => {
    cloud = deploy(TIGHT);
    const outcomes = new Set<boolean>();
    await playEveryInterleaving(async (order) => {
      empty();
      running(FIRST);
      await admitRun(FIRST);
      stopped(FIRST);
      running(SECOND);
      takeTurns(order, checkLedger);

      const [, answer] = await order.play<unknown>(
        () => settleRun(ended(FIRST)),
        () => admitRun(SECOND),
      );

      outcomes.add((answer as AdmitRunOutput).admitted);
      expect(ledger().reservations[0]).toMatchObject({ state: 'settled', billedUsd: receiptOf(FIRST).billedUsd });
    }, PREEMPTIONS);

    expect(outcomes).toEqual(new Set([true]));
  });

  it('a job that stops between two settlements is billed to its end, and nothing is released before', async () => {
    cloud = deploy();
    const orders = await playEveryInterleaving(async (order) => {
      empty();
      running(FIRST);
      await admitRun(FIRST);
      stopped(FIRST);
      cloud.trainingJobs.set(JOB, { status: 'Stopping', billableSeconds: 50, trainingSeconds: 50 });
      takeTurns(order, checkLedger);
      const stop = async (): Promise<void> => {
        await order.turn();
        cloud.trainingJobs.set(JOB, { status: 'Stopped', billableSeconds: 120, trainingSeconds: 120 });
      };
      const settle = (): Promise<unknown> =>
        settleRun(ended(FIRST)).catch(({ name }) => expect(name).toBe('NotReleased'));

      await order.play(settle, settle, stop);
      cloud.wire = { ...DIRECT, after: checkLedger };
      await settleRun(ended(FIRST));

      expect(receiptOf(FIRST)).toMatchObject({ complete: true, open: [] });
      expect(receiptOf(FIRST).lines[0]).toMatchObject({ job: JOB, quantity: 120 });
      expect(ledger().reservations).toMatchObject([{ state: 'settled', billedUsd: receiptOf(FIRST).billedUsd }]);
    }, PREEMPTIONS);

    expect(orders).toBeGreaterThan(100);
  });
});
