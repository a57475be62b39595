import { describe, expect, it } from 'vitest';
import { STATE_NAMES } from '../../../lib/render/state-names.ts';
import type { GlueRunRecord, JobRecord, SageMakerJobRecord } from '../../../lib/runs/job-record.ts';
import { isRunning, isTerminal } from '../../../lib/runs/job-record.ts';
import { writeReceipt } from '../../../lib/runs/receipt.ts';
import { usd, usdToDecimal } from '../../../lib/units/usd.ts';
import { shippedPriceBook } from '../../support/cost-template.ts';

const BOOK = shippedPriceBook();
const NOTHING = { transitions: 0, lambda: [] } as const;
const ingest: GlueRunRecord = {
  kind: 'ingest',
  id: 'jr_1',
  status: 'SUCCEEDED',
  glueVersion: '6.0',
  workerType: 'G.1X',
  workers: 5,
  executionSeconds: 100,
  dpuSeconds: null,
};
const trial: SageMakerJobRecord = {
  kind: 'trial',
  id: 'flights-t0',
  status: 'Completed',
  instance: 'ml.m5.xlarge',
  count: 1,
  volumeGb: 30,
  billedSeconds: 90,
  volumeSeconds: 300,
};
const receiptOf = (jobs: readonly JobRecord[]) =>
  writeReceipt({ execution: 'x', bound: usd('5'), jobs, assumed: NOTHING }, BOOK);
const usdOf = (job: JobRecord, line = 0): string | undefined => receiptOf([job]).lines[line]?.usd;

describe('a receipt', () => {
  it('bills Glue by DPU-seconds: execution time times workers, or what auto scaling reports', () => {
    // 500 DPU-seconds and 420 DPU-seconds at $0.308 an hour, worked out by hand and rounded up at the 12th place.
    expect(usdOf(ingest)).toBe('0.042777777778');
    expect(usdOf({ ...ingest, dpuSeconds: 420 })).toBe('0.035933333334');
  });

  it('bills a Glue run that executed a minute at least, and one that never did nothing', () => {
    expect(receiptOf([{ ...ingest, executionSeconds: 1 }]).lines[0]).toMatchObject({
      quantity: 300,
      unit: 'DPU-second',
    });
    expect(usdOf({ ...ingest, executionSeconds: 0 })).toBe('0');
  });

  it('bills training by billable seconds at the on-demand rate, and the volume for as long as it was held', () => {
    expect(usdOf(trial)).toBe('0.00575');
    // 30 GB x 300 s x $0.14 / (730 h x 3600 s)
    expect(usdOf(trial, 1)).toBe('0.000479452055');
    expect(
      receiptOf([trial])
        .lines.map(({ meter }) => meter)
        .slice(0, 2),
    ).toEqual(['sagemaker-training', 'sagemaker-volume']);
    expect(receiptOf([{ ...trial, kind: 'evaluation' }]).lines[0]?.meter).toBe('sagemaker-processing');
  });

  it('adds up exactly, orchestration at its most included and named as assumed', () => {
    const assumed = { transitions: 100, lambda: [{ invocations: 2, memoryMb: 512, timeoutSeconds: 60 }] };

    const receipt = writeReceipt({ execution: 'x', bound: usd('5'), jobs: [ingest, trial], assumed }, BOOK);

    expect(receipt.lines.map(({ meter, usd: amount }) => [meter, amount]).slice(3)).toEqual([
      ['transitions', '0.0025'],
      // 2 x (30 GB-seconds x $0.0000133334 + $0.0000002)
      ['lambda', '0.000800404'],
    ]);
    const sum = receipt.lines.reduce((total, line) => total + usd(line.usd), 0n);
    expect(usdToDecimal(sum as ReturnType<typeof usd>)).toBe(receipt.billedUsd);
    expect(receipt.assumed).toEqual(['transitions', 'lambda']);
  });

  it('is complete exactly when every job is terminal', () => {
    expect(receiptOf([ingest, trial]).complete).toBe(true);
    for (const status of ['InProgress', 'Stopping', 'RUNNING', 'SOMETHING NEW']) {
      expect(receiptOf([ingest, { ...trial, status }]).complete).toBe(false);
    }
  });

  it('of a refused run has its assumed part as bound, for nothing was reserved', () => {
    const assumed = { transitions: 4, lambda: [] };

    const receipt = writeReceipt({ execution: 'x', bound: null, jobs: [], assumed }, BOOK);

    expect(receipt).toMatchObject({ boundUsd: '0.0001', billedUsd: '0.0001', complete: true });
  });

  it('does not depend on the order in which jobs were found', () => {
    const jobs = [{ ...trial, id: 'b' }, ingest, { ...trial, id: 'a' }];

    expect(receiptOf(jobs)).toEqual(receiptOf(jobs.toReversed()));
  });

  it('names the states that started the jobs as the state machine does', () => {
    const kinds = ['ingest', 'training-set', 'trial', 'evaluation'] as const;
    const jobs = kinds.map((kind) =>
      kind === 'ingest' || kind === 'training-set' ? { ...ingest, kind } : { ...trial, kind },
    );

    const states = new Set(receiptOf(jobs).lines.map(({ state }) => state));

    expect([...states]).toEqual([
      STATE_NAMES.ingest,
      STATE_NAMES.buildTrainingSet,
      STATE_NAMES.trainTrial,
      STATE_NAMES.evaluate,
      'run',
    ]);
  });
});

describe('a job', () => {
  it('runs until it is asked to stop, and is billed until it has stopped', () => {
    const of = (status: string) => [isRunning({ ...trial, status }), isTerminal({ ...trial, status })];

    expect(of('InProgress')).toEqual([true, false]);
    expect(of('Stopping')).toEqual([false, false]);
    expect(of('Stopped')).toEqual([false, true]);
  });
});
