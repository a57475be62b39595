import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handler as admitRun } from '../../lambdas/admit-run/handler.ts';
import { handler as settleRun } from '../../lambdas/settle-run/handler.ts';
import type { Ledger } from '../../lib/contracts/ledger.ts';
import type { AdmitRunInput } from '../../lib/contracts/state-payload.ts';
import type { FakeCloud } from '../support/fake-cloud.ts';
import { DIRECT } from '../support/memory-s3.ts';
import { admissionOf, BUCKET, deploy } from '../support/pipeline-world.ts';

const STOP = Date.parse('2026-11-20T09:00:00Z');
const OLD = admissionOf('2001-07-01T08:00:00Z');
const RUN = admissionOf('2001-07-02T08:00:00Z');
const NEXT = { ...admissionOf('2001-07-03T08:00:00Z'), startTime: '2026-11-20T12:00:00.000Z' };

let cloud: FakeCloud;
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: STOP + 600_000 }));
afterEach(() => {
  vi.useRealTimers();
  cloud.restore();
});

const ledger = (): Ledger => cloud.s3.json(`${BUCKET}/ledger/flight-delays/2026-11.json`) as Ledger;
const stateOf = ({ execution }: AdmitRunInput) =>
  ledger()?.reservations.find((reservation) => reservation.execution === execution)?.state;
const eventOf = ({ executionArn, execution, startTime }: AdmitRunInput) => ({
  detail: { executionArn, name: execution, status: 'ABORTED', startDate: Date.parse(startTime), stopDate: STOP },
});
const starts = (run: AdmitRunInput): void => void cloud.executions.set(run.executionArn, { status: 'RUNNING' });
const stops = (run: AdmitRunInput): void =>
  void cloud.executions.set(run.executionArn, { status: 'ABORTED', stop: new Date(STOP) });

/** A run that was stopped and not settled, with a job of each service; another run is about to be admitted. */
async function stoppedRun(): Promise<void> {
  cloud = deploy();
  starts(OLD);
  await admitRun(OLD);
  stops(OLD);
  const stem = `flight-delays-${OLD.execution}`;
  cloud.trainingJobs.set(`${stem}-t0-0a1b2c3d`, { status: 'Stopped', billableSeconds: 90, trainingSeconds: 90 });
  cloud.processingJobs.set(`${stem}-eval-0a1b2c3d`, { status: 'Completed' });
  cloud.glueRuns.set('flight-delays-ingest', [
    {
      Id: 'jr_1',
      JobRunState: 'SUCCEEDED',
      GlueVersion: '6.0',
      WorkerType: 'G.1X',
      NumberOfWorkers: 5,
      ExecutionTime: 100,
      Arguments: { '--execution': OLD.execution },
    },
  ]);
  starts(RUN);
}

/** How many requests and changes the call makes. */
async function countCalls(call: () => Promise<unknown>): Promise<{ requests: number; changes: number }> {
  const counts = { requests: 0, changes: 0 };
  cloud.wire = {
    before: async () => {
      counts.requests += 1;
    },
    after: () => {
      counts.changes += 1;
    },
  };
  await call();
  cloud.restore();
  return counts;
}

type Crash = (cloud: FakeCloud) => void;

/** Every place where a process that makes so many calls can die. */
function crashesOf({ requests, changes }: { readonly requests: number; readonly changes: number }): readonly Crash[] {
  const before = Array.from(
    { length: requests },
    (_, index): Crash =>
      (world) =>
        world.crashBefore(index),
  );
  const after = Array.from(
    { length: changes },
    (_, index): Crash =>
      (world) =>
        world.crashAfter(index),
  );
  return [...before, ...after];
}

async function dies(crash: Crash, call: () => Promise<unknown>): Promise<void> {
  crash(cloud);
  await expect(call()).rejects.toThrow('crashed');
  cloud.wire = DIRECT;
}

describe('an admission that dies at any of its calls', () => {
  it('is repeated with one reservation, and the same world', async () => {
    await stoppedRun();
    const calls = await countCalls(() => admitRun(RUN));
    const expected = cloud.snapshot();

    expect(calls).toEqual({ requests: expect.any(Number), changes: 3 });
    for (const crash of crashesOf(calls)) {
      await stoppedRun();
      await dies(crash, () => admitRun(RUN));

      await admitRun(RUN);

      cloud.restore();
      expect(cloud.snapshot()).toEqual(expected);
      expect([stateOf(OLD), stateOf(RUN)]).toEqual(['settled', 'reserved']);
    }
  });

  it('leaks at most its reservation, which the next admission releases', async () => {
    await stoppedRun();
    const calls = await countCalls(() => admitRun(RUN));
    for (const crash of crashesOf(calls)) {
      await stoppedRun();
      await dies(crash, () => admitRun(RUN));
      stops(RUN);
      starts(NEXT);

      await admitRun(NEXT);

      cloud.restore();
      const open = ledger().reservations.filter(({ state }) => state === 'reserved');
      expect(open.map(({ execution }) => execution)).toEqual([NEXT.execution]);
    }
  });
});

describe('a settlement that dies at any of its calls', () => {
  it('has released nothing too early, and is finished by the next one', async () => {
    await stoppedRun();
    const calls = await countCalls(() => settleRun(eventOf(OLD)));
    const expected = cloud.snapshot();

    expect(calls.changes).toBe(2);
    for (const crash of crashesOf(calls)) {
      await stoppedRun();
      await dies(crash, () => settleRun(eventOf(OLD)));

      await settleRun(eventOf(OLD));

      cloud.restore();
      expect(cloud.snapshot()).toEqual(expected);
    }
  });

  it('is finished by the next admission', async () => {
    await stoppedRun();
    const calls = await countCalls(() => settleRun(eventOf(OLD)));
    for (const crash of crashesOf(calls)) {
      await stoppedRun();
      await dies(crash, () => settleRun(eventOf(OLD)));

      await admitRun(RUN);

      cloud.restore();
      expect([stateOf(OLD), stateOf(RUN)]).toEqual(['settled', 'reserved']);
    }
  });

  it('has asked no job to stop twice for nothing, and holds the bound until each has stopped', async () => {
    const job = `flight-delays-${OLD.execution}-t1-0a1b2c3d`;
    const withJob = async (): Promise<void> => {
      await stoppedRun();
      cloud.trainingJobs.set(job, { status: 'InProgress' });
    };
    await withJob();
    const settle = (): Promise<unknown> => settleRun(eventOf(OLD));
    const calls = await countCalls(() => settle().catch(({ name }) => expect(name).toBe('NotReleased')));
    for (const crash of crashesOf(calls)) {
      await withJob();
      await dies(crash, settle);

      await expect(settle()).rejects.toMatchObject({ name: 'NotReleased' });
      expect([cloud.trainingJobs.get(job)?.status, stateOf(OLD)]).toEqual(['Stopping', 'reserved']);
      cloud.trainingJobs.set(job, { status: 'Stopped', billableSeconds: 10, trainingSeconds: 10 });
      await settle();

      cloud.restore();
      expect(stateOf(OLD)).toBe('settled');
    }
  });
});
