import { describe, expect, it } from 'vitest';
import type { CostAssessment, CostRequest } from '../../../../lib/cost/assessment.ts';
import { COST_DIAGNOSTICS } from '../../../../lib/cost/cost-diagnostic.ts';
import { answerOf, type CostReview, type ReviewRequest, reviewCost } from '../../../../lib/cost/review/review.ts';
import { must } from '../../../../lib/errors/fault.ts';
import { addUsd, usd } from '../../../../lib/units/usd.ts';
import { assessmentOf, problem, REQUEST, refusedAssessment, runTree } from '../../../support/assessments.ts';

const HEAD = [{ stack: 'app', template: { which: 'head' } }];
const BASE = [{ stack: 'app', template: { which: 'base' } }];
const request: ReviewRequest = { ...REQUEST, stacks: HEAD, base: undefined, problems: [] };

const reviewed = (head: CostAssessment, base?: CostAssessment, more: Partial<ReviewRequest> = {}): CostReview =>
  reviewCost({ ...request, ...(base === undefined ? {} : { base: BASE }), ...more }, ({ stacks }) =>
    stacks === HEAD ? head : must(base, 'an assessment of the base'),
  );

describe('a review', () => {
  it('answers yes within the budgets, no above one', () => {
    expect(answerOf(reviewed(assessmentOf()))).toBe('yes');
    expect(answerOf(reviewed(assessmentOf(runTree({ workers: 20 }))))).toBe('no');
    expect(answerOf(reviewed(assessmentOf(runTree(), { monthBudget: '100' })))).toBe('no');
  });

  it.each(Object.entries(COST_DIAGNOSTICS))('answers %s by its kind', (code, { kind }) => {
    // The entries are of the table itself.
    const diagnostic = problem(code as keyof typeof COST_DIAGNOSTICS);
    const review = reviewed({ ...assessmentOf(), diagnostics: [diagnostic] });

    expect(answerOf(review)).toBe({ input: 'bad-input', unbounded: 'no', warning: 'yes' }[kind]);
    expect(review.run.usd === null).toBe(kind !== 'warning');
  });

  it('shows no number beside an error, whatever the assessment says', () => {
    const review = reviewed({ ...assessmentOf(), diagnostics: [problem('missing-limit')] });

    expect(review.verdict).toBe('unbounded');
    expect([review.run.usd, review.run.tree, review.month.usd, review.month.tree]).toEqual([null, null, null, null]);
    expect([review.machines, review.expected]).toEqual([[], []]);
    expect(review.run.budget).toBe(usd('6'));
  });

  it('says by how much both bounds differ from the base, and what adds up to it', () => {
    const [base, head] = [assessmentOf(), assessmentOf(runTree({ workers: 10, trials: 5 }))];

    const change = must(reviewed(head, base).change, 'a change');

    for (const bound of ['run', 'month'] as const) {
      const moves = change.moved.filter((move) => move.bound === bound).map(({ usd: moved }) => moved);
      const delta = must(head[bound].usd, 'a bound') - must(base[bound].usd, 'a bound');
      expect(change[bound]).toEqual({ from: base[bound].usd, to: head[bound].usd, delta });
      expect(addUsd(...moves)).toBe(delta);
    }
    expect(change.notCompared).toBeNull();
    const magnitudes = change.moved.map(({ usd: moved }) => (moved < 0n ? -moved : moved));
    expect(magnitudes).toEqual(magnitudes.toSorted((one, other) => Number(other > one) - Number(one > other)));
  });

  it('compares nothing where the base has no bound, says so, and lets the change pass', () => {
    const review = reviewed(assessmentOf(), refusedAssessment(problem('missing-limit')));

    expect(answerOf(review)).toBe('yes');
    expect(review.change).toMatchObject({
      run: { from: null, to: assessmentOf().run.usd, delta: null },
      moved: [],
      notCompared: 'the base has no bound',
      baseDiagnostics: [{ code: 'missing-limit' }],
    });
  });

  it('compares nothing where the change has no bound, and shows no number of the base either', () => {
    const change = reviewed(refusedAssessment(problem('missing-limit')), assessmentOf()).change;

    expect(change).toMatchObject({
      run: { from: null, to: null, delta: null },
      notCompared: 'the change has no bound',
    });
  });

  it('is nothing but problems where something cannot be read, those of the rest included', () => {
    const unreadable = problem('malformed-template', 'b.template.json');
    const assessed = [
      problem('malformed-definition', 'app/M'),
      problem('missing-limit'),
      problem('unknown-reference'),
      problem('old-price-book'),
    ];

    const review = reviewed(refusedAssessment(...assessed), undefined, { problems: [unreadable] });

    expect(answerOf(review)).toBe('bad-input');
    expect(review.diagnostics.map(({ code }) => code)).toEqual([
      'malformed-template',
      'malformed-definition',
      'missing-limit',
    ]);
    expect(review).toMatchObject({ verdict: 'unbounded', region: null, run: { usd: null }, month: { usd: null } });
  });

  it('reads the templates also without a price book, of which nothing is said then', () => {
    const prices: CostRequest['book'][] = [];
    const review = reviewCost(
      { ...request, book: undefined, problems: [problem('malformed-price-book', 'prices.json')] },
      ({ book }) => {
        prices.push(book);
        return refusedAssessment(problem('missing-price'), problem('unbounded-map'));
      },
    );

    expect(prices.map(({ prices: rows }) => rows)).toEqual([[]]);
    expect(review.diagnostics.map(({ code }) => code)).toEqual(['malformed-price-book', 'unbounded-map']);
  });
});
