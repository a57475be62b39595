import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Gate } from '../../../lib/contracts/run-program.ts';
import { allGatesHold, failedGates } from '../../../lib/render/gates.ts';
import { evaluated } from '../../support/jsonata-expression.ts';

const GATES: readonly Gate[] = [
  { kind: 'exceeds-base-rate', metric: 'pr_auc', by: 0.1 },
  { kind: 'no-worse-than-champion', metric: 'pr_auc' },
  { kind: 'no-worse-than-champion', metric: 'log_loss' },
];

const metrics = (pr_auc: number, log_loss: number) => ({ pr_auc, log_loss });

const REPORT = {
  test: { rows: 100, baseRate: 0.2 },
  candidate: { test: metrics(0.5, 0.4) },
  championComparison: 'compared',
  champion: { version: 3, test: metrics(0.45, 0.41) },
};

const judge = async (report: unknown, gates = GATES) => ({
  approved: await evaluated(allGatesHold(gates), { report }),
  failed: await evaluated(failedGates(gates), { report }),
});

describe('gates over an evaluation report', () => {
  it('approve a candidate that is above the base rate and no worse than the champion', async () => {
    expect(await judge(REPORT)).toEqual({ approved: true, failed: [] });
  });

  it('name every rule that failed, in their order', async () => {
    const worse = { ...REPORT, candidate: { test: metrics(0.25, 0.5) } };

    expect(await judge(worse)).toEqual({
      approved: false,
      failed: ['exceedsBaseRate(pr_auc, 0.1)', 'noWorseThanChampion(pr_auc)', 'noWorseThanChampion(log_loss)'],
    });
  });

  it('count a smaller loss as better', async () => {
    const smallerLoss = { ...REPORT, champion: { version: 3, test: metrics(0.5, 0.4) } };

    expect(await judge({ ...smallerLoss, candidate: { test: metrics(0.5, 0.39) } })).toMatchObject({ failed: [] });
    expect(await judge({ ...smallerLoss, candidate: { test: metrics(0.5, 0.41) } })).toMatchObject({
      failed: ['noWorseThanChampion(log_loss)'],
    });
  });

  it('hold without a champion', async () => {
    const first = { ...REPORT, championComparison: 'no-champion', champion: null };

    expect(await judge(first)).toEqual({ approved: true, failed: [] });
  });

  it.each(['trained-on-this-future', 'missing-columns'])('never promote over a champion that is %s', async (why) => {
    const report = { ...REPORT, championComparison: why, champion: null };

    const { approved, failed } = await judge(report, [GATES[0] as Gate]);

    expect(approved).toBe(false);
    expect(failed).toEqual([`champion comparison: ${why}`]);
  });

  it('fail where the report lacks what they ask for', async () => {
    const { approved, failed } = await judge({ championComparison: 'compared', candidate: {}, test: {} });

    expect(approved).toBe(false);
    expect(failed).toHaveLength(GATES.length);
  });

  it('approve exactly where no rule failed, whatever the report says', async () => {
    const score = fc.double({ min: 0, max: 1, noNaN: true });
    const anyReport = fc.record({
      test: fc.record({ baseRate: score }),
      candidate: fc.record({ test: fc.record({ pr_auc: score, log_loss: score }) }),
      championComparison: fc.constantFrom('compared', 'no-champion', 'trained-on-this-future', 'missing-columns'),
      champion: fc.option(fc.record({ test: fc.record({ pr_auc: score, log_loss: score }) })),
    });

    await fc.assert(
      fc.asyncProperty(anyReport, async (report) => {
        const { approved, failed } = await judge(report);

        expect(approved).toBe((failed as string[]).length === 0);
      }),
    );
  });
});
