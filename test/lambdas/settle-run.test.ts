import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handler as admitRun } from '../../lambdas/admit-run/handler.ts';
import { handler } from '../../lambdas/settle-run/handler.ts';
import type { Ledger, Receipt } from '../../lib/contracts/ledger.ts';
import type { FakeCloud } from '../support/fake-cloud.ts';
import { admissionOf, BUCKET, DEFINITION_DIGEST, deploy, STATE_BOUNDS } from '../support/pipeline-world.ts';

const RUN = admissionOf('2001-07-01T08:00:00Z', 1);
const { execution, executionArn, startTime } = RUN;
const EVENT = { execution, executionArn, startTime, failed: false };
/** Stopped an hour after its start. */
const STOP = Date.parse('2026-11-20T11:00:00Z');
const ended = (status: string) => ({
  'detail-type': 'Step Functions Execution Status Change',
  detail: { executionArn, name: execution, status, startDate: Date.parse(startTime), stopDate: STOP },
});
const STEM = `flight-delays-${execution}-`;
const OTHER = 'flight-delays-2001-07-01T08-00-00Z-10-t0-0a1b2c3d';
const RECEIPT = `${BUCKET}/runs/flight-delays/executions/${execution}/receipt.json`;

let cloud: FakeCloud;
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: STOP + 3_600_000 }));
afterEach(() => {
  vi.useRealTimers();
  cloud.restore();
});

const ledger = () => cloud.s3.json(`${BUCKET}/ledger/flight-delays/2026-11.json`) as Ledger;
const receipt = () => cloud.s3.json(RECEIPT) as Receipt;

async function finishedRun(): Promise<void> {
  cloud = deploy();
  await admitRun(RUN);
  cloud.glueRuns.set('flight-delays-ingest', [
    glueRun('jr_1', 'FAILED', execution),
    glueRun('jr_2', 'SUCCEEDED', execution),
    glueRun('jr_3', 'SUCCEEDED', 'somebody else'),
  ]);
  cloud.trainingJobs.set(`${STEM}t0-0a1b2c3d`, { status: 'Completed', billableSeconds: 90, trainingSeconds: 300 });
  cloud.trainingJobs.set(`${STEM}t0-ffffffff`, { status: 'Failed' });
  cloud.trainingJobs.set(OTHER, { status: 'InProgress' });
  cloud.processingJobs.set(`${STEM}eval-0a1b2c3d`, {
    status: 'Completed',
    start: new Date('2026-11-20T11:00:00.000Z'),
    end: new Date('2026-11-20T11:00:59.200Z'),
  });
}

function glueRun(Id: string, JobRunState: 'FAILED' | 'SUCCEEDED' | 'RUNNING', name: string) {
  const workers = { GlueVersion: '6.0', WorkerType: 'G.1X' as const, NumberOfWorkers: 5 };
  return { Id, JobRunState, ...workers, ExecutionTime: 100, Arguments: { '--execution': name } };
}

describe('settling a run', () => {
  it('bills every try of its jobs, of nobody else, and releases the rest of what was reserved', async () => {
    await finishedRun();

    const output = await handler(EVENT);

    expect(output).toEqual({
      receipt: { bucket: BUCKET, key: `runs/flight-delays/executions/${execution}/receipt.json` },
      boundUsd: '5.5',
      billedUsd: receipt().billedUsd,
      complete: true,
      released: true,
    });
    expect(receipt().lines.map(({ meter, job, quantity }) => [meter, job, quantity])).toEqual([
      ['glue', 'jr_1', 500],
      ['glue', 'jr_2', 500],
      ['sagemaker-training', `${STEM}t0-0a1b2c3d`, 90],
      ['sagemaker-volume', `${STEM}t0-0a1b2c3d`, 9_000],
      ['sagemaker-training', `${STEM}t0-ffffffff`, 0],
      ['sagemaker-volume', `${STEM}t0-ffffffff`, 0],
      ['sagemaker-processing', `${STEM}eval-0a1b2c3d`, 60],
      ['sagemaker-volume', `${STEM}eval-0a1b2c3d`, 1_800],
      ['transitions', null, expect.any(Number)],
      ['lambda', null, 35],
    ]);
    expect(ledger().reservations).toMatchObject([{ state: 'settled', billedUsd: receipt().billedUsd }]);
    expect(cloud.trainingJobs.get(OTHER)?.status).toBe('InProgress');
    expect(receipt()).toMatchObject({ definitionDigest: DEFINITION_DIGEST, open: [] });
    expect(receipt().states?.map(({ state, boundUsd }) => [state, boundUsd])).toEqual([
      ...Object.entries(STATE_BOUNDS),
      ['run', '0.25'],
    ]);
  });

  it('changes nothing when it is done again, from the state machine or from an event', async () => {
    await finishedRun();
    const first = await handler(EVENT);
    const before = cloud.snapshot();

    const again = await handler(ended('ABORTED'));

    expect(again).toEqual(first);
    expect(cloud.snapshot()).toEqual(before);
  });

  it('stops what still runs, releases nothing yet, and completes once all has stopped', async () => {
    await finishedRun();
    const name = `${STEM}t1-0a1b2c3d`;
    cloud.trainingJobs.set(name, { status: 'InProgress' });
    cloud.processingJobs.set(`${STEM}eval-ffffffff`, { status: 'InProgress', start: new Date() });
    cloud.glueRuns.set('flight-delays-training-set', [glueRun('jr_9', 'RUNNING', execution)]);

    expect(await handler(EVENT)).toMatchObject({ complete: false });
    expect(ledger().reservations).toMatchObject([{ state: 'reserved' }]);
    expect(cloud.trainingJobs.get(name)?.status).toBe('Stopping');
    expect(cloud.processingJobs.get(`${STEM}eval-ffffffff`)?.status).toBe('Stopping');
    expect(cloud.glueRuns.get('flight-delays-training-set')).toMatchObject([{ JobRunState: 'STOPPING' }]);

    expect(await handler(EVENT)).toMatchObject({ complete: false });
    cloud.trainingJobs.set(name, { status: 'Stopped', billableSeconds: 10, trainingSeconds: 10 });
    cloud.processingJobs.set(`${STEM}eval-ffffffff`, { status: 'Stopped' });
    cloud.glueRuns.set('flight-delays-training-set', [glueRun('jr_9', 'FAILED', execution)]);

    expect(await handler(EVENT)).toMatchObject({ complete: true });
    expect(ledger().reservations).toMatchObject([{ state: 'settled' }]);
  });

  it('counts every try of a job, whichever retrier asked for it', async () => {
    cloud = deploy();
    await admitRun(RUN);
    const tries = ['00000000', '11111111', '22222222', '33333333'];
    for (const [index, hash] of tries.entries()) {
      const status = index === tries.length - 1 ? 'Completed' : 'Failed';
      cloud.trainingJobs.set(`${STEM}t0-${hash}`, { status, billableSeconds: 100, trainingSeconds: 100 });
    }

    await handler(EVENT);

    const training = receipt().lines.filter(({ meter }) => meter === 'sagemaker-training');
    expect(training.map(({ job, quantity }) => [job, quantity])).toEqual(
      tries.map((hash) => [`${STEM}t0-${hash}`, 100]),
    );
  });

  it('does not know the parts of a bound that another deployment computed', async () => {
    await finishedRun();
    process.env['DEFINITION_DIGEST'] = 'f'.repeat(64);

    await handler(EVENT);

    expect(receipt()).toMatchObject({ definitionDigest: DEFINITION_DIGEST, boundUsd: '5.5' });
    expect(new Set(receipt().states?.map(({ boundUsd }) => boundUsd))).toEqual(new Set([null]));
  });

  it('keeps what it held when a state failed: a job that was being started may not be listed yet', async () => {
    await finishedRun();

    expect(await handler({ ...EVENT, failed: true })).toMatchObject({ complete: true, released: false });
    expect(ledger().reservations).toMatchObject([{ state: 'reserved' }]);
  });

  it('releases a run that went on after a failed try only when a job of that try would be listed', async () => {
    await finishedRun();
    vi.setSystemTime(STOP);
    expect(await handler({ ...EVENT, failed: true })).toMatchObject({ released: false });
    await expect(handler(ended('SUCCEEDED'))).rejects.toMatchObject({ name: 'NotReleased' });
    expect(ledger().reservations).toMatchObject([{ state: 'reserved' }]);
    vi.setSystemTime(STOP + 180_000);

    expect(await handler(ended('SUCCEEDED'))).toMatchObject({ released: true });
    expect(ledger().reservations).toMatchObject([{ state: 'settled' }]);
  });

  it('asks for no repetition where nothing is held: the run was settled, or refused', async () => {
    await finishedRun();
    vi.setSystemTime(STOP);
    await handler(EVENT);

    expect(await handler(ended('SUCCEEDED'))).toMatchObject({ released: true });
    cloud.restore();
    cloud = deploy();
    expect(await handler(ended('SUCCEEDED'))).toMatchObject({ released: true });
  });

  it('corrects what a settled run was billed once AWS says so', async () => {
    await finishedRun();
    vi.setSystemTime(STOP);
    await handler(EVENT);
    const billed = ledger().reservations[0]?.billedUsd;
    cloud.trainingJobs.set(`${STEM}t0-ffffffff`, { status: 'Failed', billableSeconds: 30, trainingSeconds: 60 });

    await handler(ended('SUCCEEDED'));

    expect(ledger().reservations).toMatchObject([{ state: 'settled', billedUsd: receipt().billedUsd }]);
    expect(receipt().billedUsd).not.toBe(billed);
  });

  it('releases a stopped run only when no job of it can appear any more, and asks Lambda to call again before', async () => {
    await finishedRun();
    for (const seconds of [0, 60, 119]) {
      vi.setSystemTime(STOP + seconds * 1_000);
      await expect(handler(ended('ABORTED'))).rejects.toMatchObject({
        name: 'NotReleased',
        message: expect.stringContaining('until 2026-11-20T11:02:00.000Z'),
      });
      expect(ledger().reservations).toMatchObject([{ state: 'reserved' }]);
    }
    vi.setSystemTime(STOP + 180_000);

    expect(await handler(ended('ABORTED'))).toMatchObject({ released: true });
    expect(ledger().reservations).toMatchObject([{ state: 'settled' }]);
  });

  it('finds, stops and bills a job whose creation was on its way when the run was stopped', async () => {
    await finishedRun();
    vi.setSystemTime(STOP);
    await expect(handler(ended('ABORTED'))).rejects.toMatchObject({ name: 'NotReleased' });
    const late = `${STEM}t1-0a1b2c3d`;
    cloud.trainingJobs.set(late, { status: 'InProgress' });
    vi.setSystemTime(STOP + 60_000);
    await expect(handler(ended('ABORTED'))).rejects.toMatchObject({ name: 'NotReleased' });
    expect(cloud.trainingJobs.get(late)?.status).toBe('Stopping');
    cloud.trainingJobs.set(late, { status: 'Stopped', billableSeconds: 60, trainingSeconds: 60 });
    vi.setSystemTime(STOP + 180_000);

    expect(await handler(ended('ABORTED'))).toMatchObject({ complete: true, released: true });
    expect(receipt().lines).toContainEqual(expect.objectContaining({ job: late, quantity: 60 }));
  });

  it('holds the whole bound again if a job appears even after the release', async () => {
    await finishedRun();
    await handler(EVENT);
    cloud.trainingJobs.set(`${STEM}t1-0a1b2c3d`, { status: 'InProgress' });

    await expect(handler(ended('ABORTED'))).rejects.toMatchObject({ name: 'NotReleased' });

    expect(ledger().reservations).toMatchObject([{ state: 'reserved', billedUsd: null }]);
    expect(receipt()).toMatchObject({ complete: false, open: [`${STEM}t1-0a1b2c3d`] });
  });

  it('charges the month in which the execution started, whenever it is settled', async () => {
    cloud = deploy();
    const late = { ...RUN, startTime: '2026-10-31T23:59:59.999Z' };
    await admitRun(late);
    const { execution: name, executionArn: arn } = late;

    await handler({ execution: name, executionArn: arn, startTime: late.startTime, failed: false });

    expect(ledger()).toBeUndefined();
    expect(cloud.s3.json(`${BUCKET}/ledger/flight-delays/2026-10.json`)).toMatchObject({
      month: '2026-10',
      reservations: [{ execution: name, state: 'settled' }],
    });
  });

  it('never replaces a complete receipt by one that saw less, or something older', async () => {
    await finishedRun();
    await handler(EVENT);
    const complete = receipt();
    cloud.trainingJobs.set(`${STEM}t0-0a1b2c3d`, { status: 'Stopping' });
    cloud.processingJobs.clear();

    await handler(EVENT);

    expect(receipt()).toEqual(complete);
  });

  it('gives a refused run a receipt of its orchestration and leaves the ledger alone', async () => {
    cloud = deploy();

    const output = await handler(EVENT);

    expect(output).toMatchObject({ complete: true, boundUsd: receipt().billedUsd });
    expect(receipt().lines.map(({ meter }) => meter)).toEqual(['transitions', 'lambda']);
    expect(ledger()).toBeUndefined();
  });

  it('ends in the same state wherever it was cut off before', async () => {
    await finishedRun();
    await handler(EVENT);
    const expected = cloud.snapshot();
    cloud.restore();

    for (const change of [0, 1]) {
      await finishedRun();
      cloud.crashAfter(change);
      await expect(handler(EVENT)).rejects.toThrow('crashed after');
      cloud.crashAfter(Number.POSITIVE_INFINITY);

      await handler(EVENT);

      expect(cloud.snapshot()).toEqual(expected);
      if (change === 0) cloud.restore();
    }
  });

  it.each([[{}], [{ detail: { name: 'x' } }], [{ ...EVENT, startTime: 'now' }], [{ ...EVENT, failed: undefined }]])(
    'fails for %j by name',
    async (event) => {
      cloud = deploy();

      await expect(handler(event)).rejects.toMatchObject({ name: 'InvalidInput' });
    },
  );
});
