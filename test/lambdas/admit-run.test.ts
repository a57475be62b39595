import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { handler } from '../../lambdas/admit-run/handler.ts';
import type { Ledger } from '../../lib/contracts/ledger.ts';
import type { AdmitRunInput } from '../../lib/contracts/state-payload.ts';
import { addUsd, usd } from '../../lib/units/usd.ts';
import type { FakeCloud } from '../support/fake-cloud.ts';
import { admissionOf, BUCKET, deploy, RUN_PROGRAM } from '../support/pipeline-world.ts';

const LEDGER = `${BUCKET}/ledger/flight-delays/2026-11.json`;
const SLOT = '2001-07-01T08:00:00Z';
const slotOfDay = (day: number): string => `2001-07-${String(day).padStart(2, '0')}T08:00:00Z`;

let cloud: FakeCloud;
afterEach(() => cloud.restore());

function start(run: AdmitRunInput): Promise<unknown> {
  cloud.executions.set(run.executionArn, { status: 'RUNNING' });
  return handler(run);
}
/** A run ended as it did an hour before the next one starts, if nothing else is said. */
const end = (run: AdmitRunInput, stop = '2026-11-20T09:00:00Z'): void =>
  void cloud.executions.set(run.executionArn, { status: 'ABORTED', stop: new Date(stop) });
const ledger = () => cloud.s3.json(LEDGER) as Ledger;

describe('admitting a run', () => {
  it('reserves the bound in the month in which the execution started', async () => {
    cloud = deploy();

    const admission = await start(admissionOf(SLOT));

    expect(admission).toEqual({ admitted: true, boundUsd: '5.5', remainingUsd: '14.5' });
    expect(ledger().reservations).toEqual([
      {
        execution: '2001-07-01T08-00-00Z-0',
        executionArn: admissionOf(SLOT).executionArn,
        startTime: '2026-11-20T10:00:00.123Z',
        boundUsd: '5.5',
        definitionDigest: 'e'.repeat(64),
        state: 'reserved',
        billedUsd: null,
      },
    ]);
  });

  it('gives the same answer to the same execution and reserves once', async () => {
    cloud = deploy();
    const first = await start(admissionOf(SLOT));
    const before = cloud.snapshot();

    expect(await start(admissionOf(SLOT))).toEqual(first);
    expect(cloud.snapshot()).toEqual(before);
  });

  it('refuses with the reason, as a normal answer, when the month has too little left', async () => {
    cloud = deploy();
    for (const day of [1, 2, 3]) await start(admissionOf(slotOfDay(day)));

    expect(await start(admissionOf(slotOfDay(4)))).toEqual({
      admitted: false,
      reason: 'a run could cost $5.50, of the budget of 2026-11 remain $3.50 of $20.00',
    });
    expect(ledger().reservations).toHaveLength(3);
  });

  it("refuses a bound above the run's own budget and writes nothing", async () => {
    cloud = deploy(RUN_PROGRAM, '6.01');

    expect(await start(admissionOf(SLOT))).toMatchObject({ admitted: false });
    expect(cloud.s3.paths(`${BUCKET}/`)).toEqual([]);
  });

  it('refuses while another execution of the slot is alive, and admits the next attempt once it has ended', async () => {
    cloud = deploy();
    await start(admissionOf(SLOT));

    expect(await start(admissionOf(SLOT, 1))).toEqual({
      admitted: false,
      reason: 'execution 2001-07-01T08-00-00Z-0 of the same slot is still running',
    });
    end(admissionOf(SLOT));
    expect(await start(admissionOf(SLOT, 1))).toMatchObject({ admitted: true });
  });

  it('settles what ended executions still hold, so that their money can be promised again', async () => {
    cloud = deploy();
    for (const day of [1, 2, 3]) await start(admissionOf(slotOfDay(day)));
    for (const day of [1, 2]) end(admissionOf(slotOfDay(day)));

    expect(await start(admissionOf(slotOfDay(4)))).toMatchObject({ admitted: true });
    expect(ledger().reservations.map(({ state }) => state)).toEqual(['settled', 'settled', 'reserved', 'reserved']);
    expect(cloud.s3.json(`${BUCKET}/runs/flight-delays/executions/2001-07-01T08-00-00Z-0/receipt.json`)).toMatchObject({
      complete: true,
      boundUsd: '5.5',
    });
  });

  it('releases nothing of an ended execution while a job of it goes on, and stops that job', async () => {
    cloud = deploy();
    await start(admissionOf(SLOT));
    end(admissionOf(SLOT));
    cloud.trainingJobs.set('flight-delays-2001-07-01T08-00-00Z-0-t0-0a1b2c3d', { status: 'InProgress' });

    await start(admissionOf(SLOT, 1));

    expect(ledger().reservations.map(({ state }) => state)).toEqual(['reserved', 'reserved']);
    expect([...cloud.trainingJobs.values()]).toEqual([{ status: 'Stopping' }]);
  });

  it('holds what a run that was just stopped had, for a job that was being started may not be listed yet', async () => {
    cloud = deploy();
    await start(admissionOf(SLOT));
    end(admissionOf(SLOT), '2026-11-20T09:59:00Z');

    await start(admissionOf(SLOT, 1));
    expect(ledger().reservations.map(({ state }) => state)).toEqual(['reserved', 'reserved']);

    cloud.trainingJobs.set('flight-delays-2001-07-01T08-00-00Z-0-t0-0a1b2c3d', { status: 'InProgress' });
    const later = { ...admissionOf(slotOfDay(2)), startTime: '2026-11-20T10:01:00.000Z' };
    await start(later);
    expect(ledger().reservations.map(({ state }) => state)).toEqual(['reserved', 'reserved', 'reserved']);
    expect([...cloud.trainingJobs.values()]).toEqual([{ status: 'Stopping' }]);
  });

  it('admits a run though an earlier one cannot be settled, holds what that one had, and says why', async () => {
    cloud = deploy();
    await start(admissionOf(SLOT));
    end(admissionOf(SLOT));
    const Arguments = { '--execution': admissionOf(SLOT).execution };
    cloud.glueRuns.set('flight-delays-ingest', [{ Id: 'jr_1', JobRunState: 'SUCCEEDED', Arguments }]);

    expect(await start(admissionOf(slotOfDay(2)))).toEqual({
      admitted: true,
      boundUsd: '5.5',
      remainingUsd: '9',
      unsettled: [
        expect.stringMatching(/^2001-07-01T08-00-00Z-0 holds its bound, .* the Glue version of job run jr_1/),
      ],
    });
    expect(ledger().reservations.map(({ state }) => state)).toEqual(['reserved', 'reserved']);
    await start(admissionOf(slotOfDay(3)));
    expect(await start(admissionOf(slotOfDay(4)))).toMatchObject({
      admitted: false,
      reason: expect.stringContaining('remain $3.50'),
      unsettled: [expect.stringContaining('jr_1')],
    });
  });

  it('believes no execution ended because it is not found: it may have started just before', async () => {
    cloud = deploy();
    await start(admissionOf(SLOT));
    cloud.executions.delete(admissionOf(SLOT).executionArn);

    expect(await start(admissionOf(SLOT, 1))).toMatchObject({ admitted: false });
    await start(admissionOf(slotOfDay(2)));

    expect(ledger().reservations.map(({ state }) => state)).toEqual(['reserved', 'reserved']);
  });

  it('refuses an execution that was settled before it was admitted again', async () => {
    cloud = deploy();
    await start(admissionOf(SLOT));
    end(admissionOf(SLOT));
    await start(admissionOf(slotOfDay(2)));

    expect(await start(admissionOf(SLOT))).toEqual({
      admitted: false,
      reason: 'execution 2001-07-01T08-00-00Z-0 has been settled already',
    });
  });

  it('fails before it reads or reserves anything when the execution is not of the definition that was bounded', async () => {
    cloud = deploy();

    await expect(start({ ...admissionOf(SLOT), definitionDigest: 'd'.repeat(64) })).rejects.toMatchObject({
      name: 'DefinitionMismatch',
      message: expect.stringContaining('fix: finish the deployment'),
    });
    expect(cloud.s3.paths(`${BUCKET}/`)).toEqual([]);
  });

  it.each([
    [
      'a name that is not of slot and attempt',
      { ...admissionOf(SLOT), execution: admissionOf(SLOT, 1).execution },
      'MisnamedExecution',
    ],
    ['a slot that is no time', { ...admissionOf(SLOT), slot: 'yesterday' }, 'InvalidInput'],
    ['no definition', { ...admissionOf(SLOT), definitionDigest: undefined }, 'InvalidInput'],
    ['nothing', null, 'InvalidInput'],
  ])('fails for %s by name', async (_, event, name) => {
    cloud = deploy();

    await expect(handler(event)).rejects.toMatchObject({ name, message: expect.stringContaining('fix: ') });
  });

  it.each(['RUN_BOUND_USD', 'DEFINITION_DIGEST'])(
    'admits nothing where %s was not deployed: there is no bound',
    async (name) => {
      cloud = deploy();
      delete process.env[name];

      await expect(start(admissionOf(SLOT))).rejects.toThrow(name);
      expect(cloud.s3.paths(`${BUCKET}/`)).toEqual([]);
    },
  );

  it('fails when the program is not the one of the deployment', async () => {
    cloud = deploy();
    cloud.s3.write('assets/run.json', { ...RUN_PROGRAM, monthBudgetUsd: '1000000' });

    await expect(handler(admissionOf(SLOT))).rejects.toMatchObject({ name: 'DigestMismatch' });
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

        const answers = await scheduler.waitFor(Promise.all(slots.map((slot) => start(admissionOf(slot)))));

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
