import { afterEach, describe, expect, it } from 'vitest';
import { handler as admitRun } from '../../lambdas/admit-run/handler.ts';
import { handler } from '../../lambdas/settle-run/handler.ts';
import type { Ledger, Receipt } from '../../lib/contracts/ledger.ts';
import type { FakeCloud } from '../support/fake-cloud.ts';
import { BUCKET, deploy, runOf } from '../support/pipeline-world.ts';

const RUN = runOf('2001-07-01T08:00:00Z', 1);
const { execution, executionArn, startTime } = RUN;
const EVENT = { execution, executionArn, startTime };
const STEM = `flight-delays-${execution}-`;
const OTHER = 'flight-delays-2001-07-01T08-00-00Z-10-t0-0a1b2c3d';
const RECEIPT = `${BUCKET}/runs/flight-delays/executions/${execution}/receipt.json`;

let cloud: FakeCloud;
afterEach(() => cloud.restore());

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
      ['lambda', null, 32],
    ]);
    expect(ledger().reservations).toMatchObject([{ state: 'settled', billedUsd: receipt().billedUsd }]);
    expect(cloud.trainingJobs.get(OTHER)?.status).toBe('InProgress');
  });

  it('changes nothing when it is done again, from the state machine or from an event', async () => {
    await finishedRun();
    const first = await handler(EVENT);
    const before = cloud.snapshot();

    const again = await handler({
      'detail-type': 'Step Functions Execution Status Change',
      detail: { executionArn, name: execution, status: 'ABORTED', startDate: Date.parse(startTime), stopDate: 1 },
    });

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
    cloud.processingJobs.delete(`${STEM}eval-ffffffff`);
    cloud.glueRuns.set('flight-delays-training-set', []);

    expect(await handler(EVENT)).toMatchObject({ complete: true });
    expect(ledger().reservations).toMatchObject([{ state: 'settled' }]);
  });

  it('never replaces a complete receipt by one that saw less', async () => {
    await finishedRun();
    await handler(EVENT);
    const complete = receipt();
    cloud.trainingJobs.set(`${STEM}t1-0a1b2c3d`, { status: 'Stopping' });

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

  it.each([[{}], [{ detail: { name: 'x' } }], [{ ...EVENT, startTime: 'now' }]])(
    'fails for %j by name',
    async (event) => {
      cloud = deploy();

      await expect(handler(event)).rejects.toMatchObject({ name: 'InvalidInput' });
    },
  );
});
