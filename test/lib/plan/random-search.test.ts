import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Training } from '../../../lib/definition/model.ts';
import { drawTrials } from '../../../lib/plan/random-search.ts';
import { tripsPipeline } from '../../support/trips-pipeline.ts';

const training = tripsPipeline().train;
const drawn = (changes: Partial<Training> = {}) =>
  drawTrials({ ...training, ...changes }).map(({ hyperparameters }) => hyperparameters);

describe('drawTrials', () => {
  it('draws the same trials of the same definition, today and on any machine', () => {
    expect(drawn()).toMatchInlineSnapshot(`
      [
        {
          "eta": "0.0128987",
          "grow_policy": "lossguide",
          "max_bin": "128",
          "max_depth": "5",
          "num_round": "40",
          "objective": "binary:logistic",
          "seed": "7",
          "segment_rounds": "10",
          "subsample": "0.838197",
        },
        {
          "eta": "0.0174705",
          "grow_policy": "depthwise",
          "max_bin": "128",
          "max_depth": "4",
          "num_round": "40",
          "objective": "binary:logistic",
          "seed": "7",
          "segment_rounds": "10",
          "subsample": "0.751085",
        },
        {
          "eta": "0.0879024",
          "grow_policy": "depthwise",
          "max_bin": "128",
          "max_depth": "6",
          "num_round": "40",
          "objective": "binary:logistic",
          "seed": "7",
          "segment_rounds": "10",
          "subsample": "0.551374",
        },
      ]
    `);
  });

  it('draws a parameter of a trial alike, whatever else is searched or tried', () => {
    const more = drawn({ trials: 9, search: { ...training.search, alpha: { kind: 'uniform', min: 0, max: 1 } } });

    expect(more.slice(0, 3).map(({ alpha: _alpha, ...rest }) => rest)).toEqual(drawn());
  });

  it('draws other values with another seed', () => {
    expect(drawn({ seed: 8 }).map(({ eta }) => eta)).not.toEqual(drawn().map(({ eta }) => eta));
  });

  it('trains in one segment where nothing can interrupt it', () => {
    expect(drawn({ spot: undefined })[0]).toMatchObject({ num_round: '40', segment_rounds: '40' });
  });

  it('keeps to the ranges, with both ends of whole numbers in reach', () => {
    const range = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 5 }));
    fc.assert(
      fc.property(range, fc.nat(1_000), ([min, width], seed) => {
        const max = min + width;
        const search = {
          a: { kind: 'integers', min, max },
          b: { kind: 'uniform', min, max },
          c: { kind: 'log-uniform', min: 0.001, max: width },
        } as const;
        for (const { a, b, c } of drawn({ seed, search, trials: 5 })) {
          expect(Number(a)).toBeGreaterThanOrEqual(min);
          expect(Number(a)).toBeLessThanOrEqual(max);
          expect(Number(b)).toBeGreaterThanOrEqual(min);
          expect(Number(b)).toBeLessThanOrEqual(max);
          expect(Number(c)).toBeGreaterThanOrEqual(0.001);
          expect(Number(c)).toBeLessThanOrEqual(width);
        }
      }),
    );
    const ends = drawn({ trials: 100, search: { a: { kind: 'integers', min: 1, max: 3 } } }).map(({ a }) => a);
    expect(new Set(ends)).toEqual(new Set(['1', '2', '3']));
  });

  it('draws evenly: every tenth of a range gets its share of a thousand draws', () => {
    const counts = new Map<number, number>();
    for (const { a } of drawn({ trials: 1_000, search: { a: { kind: 'uniform', min: 0, max: 10 } } })) {
      const tenth = Math.floor(Number(a));
      counts.set(tenth, (counts.get(tenth) ?? 0) + 1);
    }
    // A binomial of 1000 draws with p = 0.1 has a standard deviation of 9.5: five of them.
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(48);
  });
});
