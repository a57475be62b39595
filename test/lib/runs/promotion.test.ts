import { describe, expect, it } from 'vitest';
import type { EvaluationReport } from '../../../lib/contracts/model.ts';
import { decide, promotionStep } from '../../../lib/runs/promotion.ts';
import { metrics, RUN_PROGRAM, reportOf } from '../../support/pipeline-world.ts';

const trial = { index: 0, fingerprint: 'f' };
const against = (prAuc: number, championPrAuc: number): EvaluationReport =>
  reportOf('key', trial, {
    prAuc,
    championComparison: 'compared',
    champion: { version: 3, test: metrics(championPrAuc) },
  });
const approved = { decision: 'approved', failedGates: [] } as const;
const candidate = { decision: 'candidate', failedGates: ['some gate'] } as const;

describe('the decision on a version', () => {
  it('approves what met every gate', () => {
    expect(decide(RUN_PROGRAM, against(0.5, 0.4), approved)).toEqual({ status: 'approved' });
  });

  it('names every gate that was not met, with the figures', () => {
    expect(decide(RUN_PROGRAM, against(0.25, 0.4), candidate)).toEqual({
      status: 'candidate',
      reasons: [
        'test pr_auc 0.2500 does not exceed the base rate 0.2000 by 0.1',
        'test pr_auc 0.2500 is worse than 0.4000 of the champion, version 3',
      ],
    });
  });

  it('knows the metrics of which less is better', () => {
    const program = { ...RUN_PROGRAM, gates: [{ kind: 'no-worse-than-champion', metric: 'brier' }] } as const;
    const report = { ...against(0.5, 0.5), champion: { version: 3, test: { ...metrics(0.5), brier: 0.1 } } };

    expect(decide(program, report, candidate)).toMatchObject({ reasons: [/brier 0.2000 is worse than 0.1000/] });
  });

  it.each(['trained-on-this-future', 'missing-columns'] as const)(
    'never replaces a champion that is %s',
    (comparison) => {
      const report = reportOf('key', trial, { prAuc: 0.9, championComparison: comparison, champion: null });

      const decision = decide(RUN_PROGRAM, report, approved);

      expect(decision).toMatchObject({ status: 'candidate', reasons: [/cannot be compared/] });
    },
  );

  it("gives the state machine's reasons where the report shows none", () => {
    expect(decide(RUN_PROGRAM, against(0.5, 0.4), candidate)).toEqual({ status: 'candidate', reasons: ['some gate'] });
  });
});

describe('promoting a version', () => {
  const pointer = (number: number, previous: number | null = null) =>
    ({ version: 1, number, approvedBy: 'x', previous }) as const;
  const promotion = { number: 5, compared: 3, by: 'run' };

  it('follows exactly the champion that was compared', () => {
    expect(promotionStep(pointer(3, 2), promotion)).toEqual({
      kind: 'promote',
      champion: { version: 1, number: 5, approvedBy: 'run', previous: 3 },
    });
    expect(promotionStep(pointer(4, 3), promotion)).toEqual({ kind: 'lost', champion: 4 });
    expect(promotionStep(undefined, { ...promotion, compared: null })).toMatchObject({ champion: { previous: null } });
    expect(promotionStep(pointer(1), { ...promotion, compared: null })).toEqual({ kind: 'lost', champion: 1 });
  });

  it('is not done again, nor called lost, where it is or was the champion already', () => {
    expect(promotionStep(pointer(5, 3), promotion)).toEqual({ kind: 'promoted', previous: 3 });
    expect(promotionStep(pointer(6, 5), promotion)).toEqual({ kind: 'promoted', previous: 3 });
  });
});
