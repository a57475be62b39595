import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../../lib/contracts/ledger.ts';
import { STATE_NAMES } from '../../../lib/render/state-names.ts';
import { receiptReader } from '../../../lib/runs/documents.ts';
import type { GlueRunRecord, JobRecord, SageMakerJobRecord } from '../../../lib/runs/job-record.ts';
import { isRunning, isTerminal } from '../../../lib/runs/job-record.ts';
import { isWithinBound, type ReservedBound, writeReceipt } from '../../../lib/runs/receipt.ts';
import { JOB_STATES } from '../../../lib/runs/receipt-lines.ts';
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
const DIGEST = 'e'.repeat(64);
const STATES = {
  'Ingest and check': '1.5',
  'Build training set': '1.25',
  'Audit training set': '0.3',
  'Train trial': '2',
  Evaluate: '0.2',
};
const RESERVED: ReservedBound = { bound: usd('5.3'), definitionDigest: DIGEST, states: STATES };

const receiptOf = (jobs: readonly JobRecord[], earlier: Receipt | null = null, reserved = RESERVED) =>
  writeReceipt({ execution: 'x', reserved, jobs, earlier, assumed: NOTHING, assumedOfRefusal: NOTHING }, BOOK);
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

    const receipt = writeReceipt(
      { execution: 'x', reserved: RESERVED, jobs: [ingest, trial], earlier: null, assumed, assumedOfRefusal: assumed },
      BOOK,
    );

    expect(receipt.lines.map(({ meter, usd: amount }) => [meter, amount]).slice(3)).toEqual([
      ['transitions', '0.0025'],
      // 2 x ((60 + 10) s x 0.5 GB x $0.0000133334 + $0.0000002)
      ['lambda', '0.000933738'],
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

    const receipt = writeReceipt(
      { execution: 'x', reserved: null, jobs: [], earlier: null, assumed, assumedOfRefusal: assumed },
      BOOK,
    );

    expect(receipt).toMatchObject({ boundUsd: '0.0001', billedUsd: '0.0001', complete: true });
    expect(receipt.states).toEqual([{ state: 'run', boundUsd: '0.0001', billedUsd: '0.0001' }]);
    expect(receipt).not.toHaveProperty('definitionDigest');
    expect(isWithinBound(receipt)).toBe(true);
  });

  it('does not depend on the order in which jobs were found', () => {
    const jobs = [{ ...trial, id: 'b' }, ingest, { ...trial, id: 'a' }];

    expect(receiptOf(jobs)).toEqual(receiptOf(jobs.toReversed()));
  });

  it('names the states that started the jobs as the state machine does', () => {
    const kinds = ['ingest', 'training-set', 'audit', 'trial', 'evaluation'] as const;
    const jobs = kinds.map((kind) =>
      kind === 'trial' || kind === 'evaluation' ? { ...trial, kind, id: kind } : { ...ingest, kind, id: kind },
    );

    const states = new Set(receiptOf(jobs).lines.map(({ state }) => state));

    expect([...JOB_STATES, 'run']).toEqual([...states]);
    expect([...states]).toEqual([
      STATE_NAMES.ingest,
      STATE_NAMES.buildTrainingSet,
      STATE_NAMES.auditTrainingSet,
      STATE_NAMES.trainTrial,
      STATE_NAMES.evaluate,
      'run',
    ]);
  });
});

describe('a receipt by state', () => {
  const sumOf = (receipt: Receipt, column: 'boundUsd' | 'billedUsd'): string => {
    const total = (receipt.states ?? []).reduce((sum, state) => sum + usd(state[column] ?? '0'), 0n);
    return usdToDecimal(total as ReturnType<typeof usd>);
  };

  it('sets what each state was billed beside its part of the bound, and the rest of both', () => {
    const { states, definitionDigest } = receiptOf([ingest, trial, { ...trial, id: 'other' }]);

    expect(definitionDigest).toBe(DIGEST);
    expect(states).toEqual([
      { state: 'Ingest and check', boundUsd: '1.5', billedUsd: '0.042777777778' },
      { state: 'Build training set', boundUsd: '1.25', billedUsd: '0' },
      { state: 'Audit training set', boundUsd: '0.3', billedUsd: '0' },
      { state: 'Train trial', boundUsd: '2', billedUsd: '0.01245890411' },
      { state: 'Evaluate', boundUsd: '0.2', billedUsd: '0' },
      { state: 'run', boundUsd: '0.05', billedUsd: '0' },
    ]);
  });

  it('adds up to the receipt, whatever jobs there were', () => {
    const job = fc.constantFrom<JobRecord>(ingest, { ...ingest, kind: 'training-set', id: 'jr_2' }, trial, {
      ...trial,
      kind: 'evaluation',
      id: 'eval',
    });
    fc.assert(
      fc.property(fc.uniqueArray(job, { selector: ({ id }) => id }), (jobs) => {
        const receipt = receiptOf(jobs);

        expect(sumOf(receipt, 'boundUsd')).toBe(receipt.boundUsd);
        expect(sumOf(receipt, 'billedUsd')).toBe(receipt.billedUsd);
      }),
    );
  });

  it('says where the parts of the bound are not known', () => {
    const { states } = receiptOf([ingest], null, { ...RESERVED, states: null });

    expect(states).toEqual([
      { state: 'Ingest and check', boundUsd: null, billedUsd: '0.042777777778' },
      { state: 'run', boundUsd: null, billedUsd: '0' },
    ]);
  });

  it('can be read from what earlier versions wrote', () => {
    const { states: _states, open: _open, definitionDigest: _digest, ...old } = receiptOf([trial]);

    expect(receiptReader(JSON.parse(JSON.stringify(old)), 'receipt')).toEqual({ value: old, diagnostics: [] });
    expect(receiptOf([], old).lines).toEqual(old.lines);
  });
});

describe('looking at the jobs of a run again', () => {
  const running: SageMakerJobRecord = { ...trial, status: 'InProgress', billedSeconds: 10, volumeSeconds: 10 };
  const asleep = { ...ingest, status: 'RUNNING', executionSeconds: 0 };

  it('forgets no job that an earlier look found', () => {
    const first = receiptOf([running]);
    const second = receiptOf([ingest], first);

    expect(second.open).toEqual([running.id]);
    expect(second.complete).toBe(false);
    expect(receiptOf([trial], second)).toEqual(receiptOf([ingest, trial]));
  });

  it('believes an end against a later look that is older', () => {
    const ended = receiptOf([trial]);

    expect(receiptOf([running], ended)).toEqual(ended);
  });

  it('takes every job of an incomplete receipt of an earlier version for running', () => {
    const { open: _, ...old } = receiptOf([ingest, running]);

    expect(receiptOf([], old).open).toEqual([ingest.id, running.id]);
  });

  it('ends in the same receipt in whatever order the looks came, once all jobs were seen at their end', () => {
    const looks = [[], [asleep], [ingest], [running], [ingest, running], [trial], [asleep, trial]];
    const complete = receiptOf([ingest, trial]);
    fc.assert(
      fc.property(fc.shuffledSubarray(looks, { minLength: looks.length }), (order) => {
        const last = order.reduce<Receipt | null>((earlier, jobs) => receiptOf(jobs, earlier), null);

        expect(last).toEqual(complete);
      }),
    );
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
