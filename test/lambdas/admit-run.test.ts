import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { handler } from '../../lambdas/admit-run/handler.ts';
import type { Ledger } from '../../lib/contracts/ledger.ts';
import type { ExecutionContext } from '../../lib/contracts/state-payload.ts';
import { addUsd, usd } from '../../lib/units/usd.ts';
import type { FakeCloud } from '../support/fake-cloud.ts';
import { BUCKET, deploy, RUN_PROGRAM, runOf } from '../support/pipeline-world.ts';

const LEDGER = `${BUCKET}/ledger/flight-delays/2026-11.json`;
const SLOT = '2001-07-01T08:00:00Z';
const slotOfDay = (day: number): string => `2001-07-${String(day).padStart(2, '0')}T08:00:00Z`;

let cloud: FakeCloud;
afterEach(() => cloud.restore());

function start(run: ExecutionContext): Promise<unknown> {
  cloud.executions.set(run.executionArn, 'RUNNING');
  return handler(run);
}
const ledger = () => cloud.s3.json(LEDGER) as Ledger;

describe('admitting a run', () => {
  it('reserves the bound in the month in which the execution started', async () => {
    cloud = deploy();

    const admission = await start(runOf(SLOT));

    expect(admission).toEqual({ admitted: true, boundUsd: '5.5', remainingUsd: '14.5' });
    expect(ledger().reservations).toEqual([
      {
        execution: '2001-07-01T08-00-00Z-0',
        executionArn: runOf(SLOT).executionArn,
        boundUsd: '5.5',
        definitionDigest: 'e'.repeat(64),
        state: 'reserved',
        billedUsd: null,
      },
    ]);
  });

  it('gives the same answer to the same execution and reserves once', async () => {
    cloud = deploy();
    const first = await start(runOf(SLOT));
    const before = cloud.snapshot();

    expect(await start(runOf(SLOT))).toEqual(first);
    expect(cloud.snapshot()).toEqual(before);
  });

  it('refuses with the reason, as a normal answer, when the month has too little left', async () => {
    cloud = deploy();
    for (const day of [1, 2, 3]) await start(runOf(slotOfDay(day)));

    expect(await start(runOf(slotOfDay(4)))).toEqual({
      admitted: false,
      reason: 'a run could cost $5.50, of the budget of 2026-11 remain $3.50 of $20.00',
    });
    expect(ledger().reservations).toHaveLength(3);
  });

  it("refuses a bound above the run's own budget and writes nothing", async () => {
    cloud = deploy(RUN_PROGRAM, '6.01');

    expect(await start(runOf(SLOT))).toMatchObject({ admitted: false });
    expect(cloud.s3.paths(`${BUCKET}/`)).toEqual([]);
  });

  it('refuses while another execution of the slot is alive, and admits the next attempt once it has ended', async () => {
    cloud = deploy();
    await start(runOf(SLOT));

    expect(await start(runOf(SLOT, 1))).toEqual({
      admitted: false,
      reason: 'execution 2001-07-01T08-00-00Z-0 of the same slot is still running',
    });
    cloud.executions.set(runOf(SLOT).executionArn, 'ABORTED');
    expect(await start(runOf(SLOT, 1))).toMatchObject({ admitted: true });
  });

  it('settles what ended executions still hold, so that their money can be promised again', async () => {
    cloud = deploy();
    for (const day of [1, 2, 3]) await start(runOf(slotOfDay(day)));
    for (const day of [1, 2]) cloud.executions.set(runOf(slotOfDay(day)).executionArn, 'ABORTED');

    expect(await start(runOf(slotOfDay(4)))).toMatchObject({ admitted: true });
    expect(ledger().reservations.map(({ state }) => state)).toEqual(['settled', 'settled', 'reserved', 'reserved']);
    expect(cloud.s3.json(`${BUCKET}/runs/flight-delays/executions/2001-07-01T08-00-00Z-0/receipt.json`)).toMatchObject({
      complete: true,
      boundUsd: '5.5',
    });
  });

  it('releases nothing of an ended execution while a job of it goes on, and stops that job', async () => {
    cloud = deploy();
    await start(runOf(SLOT));
    cloud.executions.set(runOf(SLOT).executionArn, 'ABORTED');
    cloud.trainingJobs.set('flight-delays-2001-07-01T08-00-00Z-0-t0-0a1b2c3d', { status: 'InProgress' });

    await start(runOf(SLOT, 1));

    expect(ledger().reservations.map(({ state }) => state)).toEqual(['reserved', 'reserved']);
    expect([...cloud.trainingJobs.values()]).toEqual([{ status: 'Stopping' }]);
  });

  it.each([
    [
      'a name that is not of slot and attempt',
      { ...runOf(SLOT), execution: runOf(SLOT, 1).execution },
      'MisnamedExecution',
    ],
    ['a slot that is no time', { ...runOf(SLOT), slot: 'yesterday' }, 'InvalidInput'],
    ['nothing', null, 'InvalidInput'],
  ])('fails for %s by name', async (_, event, name) => {
    cloud = deploy();

    await expect(handler(event)).rejects.toMatchObject({ name, message: expect.stringContaining('fix: ') });
  });

  it('fails when the program is not the one of the deployment', async () => {
    cloud = deploy();
    cloud.s3.write('assets/run.json', { ...RUN_PROGRAM, monthBudgetUsd: '1000000' });

    await expect(handler(runOf(SLOT))).rejects.toMatchObject({ name: 'DigestMismatch' });
  });

  it('never promises more than the budget, and grants all it can, however the requests of runs interleave', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 5 }), async (scheduler, count) => {
        cloud = deploy();
        cloud.wire = {
          before: (call) => scheduler.schedule(Promise.resolve(), call),
          after: () => assertWithinBudget(),
        };
        const slots = Array.from({ length: count }, (_, index) => slotOfDay(index + 1));

        const answers = await scheduler.waitFor(Promise.all(slots.map((slot) => start(runOf(slot)))));

        const admitted = answers.filter((answer) => (answer as { admitted: boolean }).admitted).length;
        cloud.restore();
        expect(admitted).toBe(Math.min(count, 3));
        expect(ledger().reservations).toHaveLength(admitted);
      }),
      { numRuns: 25 },
    );
  });
});

function assertWithinBudget(): void {
  const promised = addUsd(...ledger().reservations.map(({ boundUsd }) => usd(boundUsd)));
  if (promised > usd('20')) throw new Error('promised more than the budget');
}
