import { describe, expect, it } from 'vitest';
import { renderRunSummary } from '../../cli/run-summary.ts';
import type { TrainingSetManifest } from '../../lib/contracts/manifest.ts';
import type { RunReport } from '../../local/run-report.ts';

const RUN: RunReport['run'] = {
  version: 1,
  execution: '2001-01-13T04-00-00Z-0',
  arn: 'arn:aws:states:us-east-1:000000000000:execution:m:2001-01-13T04-00-00Z-0',
  slot: '2001-01-13T04:00:00Z',
  attempt: 0,
  engine: 'duckdb',
  pipeline: 'parcels',
  status: 'SUCCEEDED',
  startTime: '2001-01-13T04:00:00.000Z',
  stopTime: '2001-01-13T04:00:02.500Z',
  input: {},
  output: null,
  error: null,
  cause: null,
  reason: null,
  states: [],
};

const split = { rows: 10, positives: 2, from: null, to: null, knownUntil: null, purged: 0 };
const SET: TrainingSetManifest = {
  version: 1,
  pipeline: 'parcels',
  slot: RUN.slot,
  fingerprint: 'f',
  attempt: 'a',
  prefix: 'training-sets/parcels/f/a/',
  splits: { train: split, validation: split, test: split },
  label: 'is_late',
  features: [],
  views: [],
  files: { key: 'files.json', sha256: 'f', count: 3, bytes: 100 },
  distribution: { key: 'distribution.json', sha256: 'f' },
  sources: [],
  bytesRead: 100,
  bytesPresent: 200,
};

const summaryOf = (
  run: Partial<RunReport['run']>,
  receipt: RunReport['receipt'] = null,
  trainingSet: RunReport['trainingSet'] = null,
): string =>
  renderRunSummary(
    {
      version: 1,
      run: { ...RUN, ...run },
      quality: null,
      audit: null,
      trainingSet,
      model: null,
      receipt,
      places: { record: '/project/.hundredfold/runs/r', quarantine: [], trainingSet: null, model: null },
    },
    '/project',
  );

const receipt = (billedUsd: string): RunReport['receipt'] => ({
  version: 1,
  execution: RUN.execution,
  boundUsd: '5.970000000001',
  billedUsd,
  lines: [],
  complete: true,
  assumed: [],
});

describe('the summary', () => {
  it('of a refused run has every reason and what to do', () => {
    const reasons = ['the month has $1.20 left of $200.00', 'the run needs $5.97'];
    const text = summaryOf({ output: { outcome: 'refused', reasons } });

    expect(text).toMatch(/^run 2001-01-13T04-00-00Z-0 refused in 2\.5 s\n/);
    expect(text).toMatch(/refused +the month has \$1\.20 left of \$200\.00\n +the run needs \$5\.97\n/);
    expect(text).toContain('next: correct what is named above, then the same command');
  });

  it('of a failed run has its reason line by line', () => {
    const text = summaryOf({
      status: 'FAILED',
      error: 'States.TaskFailed',
      reason: 'a header changed\n  fix: land it',
    });

    expect(text).toMatch(/^run \S+ failed in/);
    expect(text).toMatch(/failed +a header changed\n +fix: land it\n/);
  });

  it('tells how much of a training set was computed before', () => {
    const reused = { days: 179, labelDays: 180, rows: 12_000 };

    expect(summaryOf({}, null, { ...SET, reused })).toMatch(/training set .*\n +reused 179 of 180 label days\n/);
    expect(summaryOf({}, null, { ...SET, reused: { ...reused, days: 0 } })).not.toContain('reused');
    expect(summaryOf({}, null, SET)).not.toContain('reused');
  });

  it('of a run that was stopped says how to finish it', () => {
    expect(summaryOf({ status: 'ABORTED' })).toContain('next: the same command finishes the run');
  });

  it('sets the receipt beside the bound, and does not hide one that exceeds it by the least amount', () => {
    expect(summaryOf({}, receipt('5.970000000001'))).not.toContain('above the bound');
    expect(summaryOf({}, receipt('5.970000000002'))).toContain('above the bound: this should not have happened');
  });
});
