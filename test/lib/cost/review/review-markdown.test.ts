import { describe, expect, it } from 'vitest';
import type { CostAssessment } from '../../../../lib/cost/assessment.ts';
import { inlineCode, markdownTable, plainText } from '../../../../lib/cost/review/markdown-table.ts';
import { reviewCost, unreadableReview } from '../../../../lib/cost/review/review.ts';
import { reviewToMarkdown } from '../../../../lib/cost/review/review-markdown.ts';
import { sum } from '../../../../lib/cost/tree/cost-node.ts';
import { must } from '../../../../lib/errors/fault.ts';
import { usd } from '../../../../lib/units/usd.ts';
import { assessmentOf, problem, REQUEST, refusedAssessment, runTree } from '../../../support/assessments.ts';

function markdown(head: CostAssessment, base?: CostAssessment): string {
  const queue = base === undefined ? [head] : [head, base];
  const request = { ...REQUEST, stacks: [], base: base === undefined ? undefined : [], problems: [] };
  return reviewToMarkdown(reviewCost(request, () => must(queue.shift(), 'an assessment')));
}

const linesOf = (text: string, count: number): readonly string[] => text.split('\n').slice(0, count);

describe('a review in a pull request', () => {
  it('says the verdict first, with both bounds and their budgets', () => {
    expect(linesOf(markdown(assessmentOf()), 2)).toEqual([
      '**Within budget.** A run may cost at most $3.45 (budget $6.00), a month $107.69 (budget $200.00).',
      '',
    ]);
  });

  it('shows what moved the bounds, the greatest first, in an aligned table', () => {
    expect(linesOf(markdown(assessmentOf(runTree({ workers: 10, trials: 5 })), assessmentOf()), 7)).toEqual([
      '**Within budget.** A run may cost at most $5.46 (budget $6.00), a month $170.16 (budget $200.00). ' +
        'Against the base, a run may cost $2.02 more, a month $62.48 more.',
      '',
      '| Property                                         | What            | From |  To |    Run |   Month |',
      '| ------------------------------------------------ | --------------- | ---: | --: | -----: | ------: |',
      '| `app-jobs/IngestJob.Properties.NumberOfWorkers`  | NumberOfWorkers |    5 |  10 | +$1.54 | +$47.74 |',
      '| `app-training/Machine.States.Train trials.Items` | items           |    4 |   5 | +$0.48 | +$14.74 |',
      '',
    ]);
  });

  it('says by how much a budget is exceeded', () => {
    expect(linesOf(markdown(assessmentOf(runTree({ workers: 15 }))), 1)).toEqual([
      '**Over budget.** A run may cost at most $6.53 (budget $6.00, exceeded by $0.53), ' +
        'a month $203.17 (budget $200.00, exceeded by $3.17).',
    ]);
  });

  it('names the machines besides the dearest that are above their own budgets', () => {
    const assessment = assessmentOf();
    const machine = { machine: 'app/Small', usd: usd('1.5'), budget: usd('1'), tree: runTree(), startsPerMonth: 0 };
    const text = markdown({ ...assessment, verdict: 'over-budget', machines: [...assessment.machines, machine] });

    expect(linesOf(text, 3)).toEqual([
      '**Over budget.** A run may cost at most $3.45 (budget $6.00), a month $107.69 (budget $200.00).',
      '',
      '- A run of `app/Small` may cost $1.50 (budget $1.00, exceeded by $0.50).',
    ]);
  });

  it('fits into a comment, whatever it quotes and however many problems there are', () => {
    const long = { ...problem('unknown-reference'), message: `refers to ${'x'.repeat(100_000)} of nothing` };
    const problems = Array.from({ length: 500 }, (_, index) => ({ ...long, at: `app/R${index}` }));

    const text = markdown(refusedAssessment(...problems));

    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/^\*\*Not reviewed\.\*\* The input has 500 problems\.\n/);
    expect(text).toContain('xxx … xxx');
    expect(text).toContain('- 470 more, in `hundredfold cost --full`.');
  });

  it('lists what has no bound, each with its fix, and no amount', () => {
    const text = markdown(refusedAssessment(problem('missing-limit'), problem('unbounded-map', 'app/M.States.Each')));

    expect(linesOf(text, 7)).toEqual([
      '**Unbounded.** 2 problems keep the cost from having a bound.',
      '',
      '- `app-jobs/IngestJob.Properties.Timeout`: is not set (`missing-limit`)',
      '  Fix: set Timeout to a literal number of minutes',
      '- `app/M.States.Each`: is not set (`unbounded-map`)',
      '  Fix: set Timeout to a literal number of minutes',
      '',
    ]);
    expect(text).not.toContain('$');
  });

  it('tells input that cannot be read from what has no bound', () => {
    const review = unreadableReview({}, [problem('malformed-template', 'app.template.json')]);

    expect(reviewToMarkdown(review)).toMatch(/^\*\*Not reviewed\.\*\* The input has 1 problem\.\n/);
  });

  it('says that the base has no bound, and what keeps it from one', () => {
    const text = markdown(assessmentOf(), refusedAssessment(problem('missing-limit')));

    expect(text).toContain('(budget $200.00). Not compared: the base has no bound.\n');
    expect(text).toContain('What keeps the base from having a bound:\n\n- `app-jobs/IngestJob.Properties.Timeout`');
  });

  it('sums up what is beyond the longest table', () => {
    const states = Array.from({ length: 50 }, (_, index) => sum(`S${index}`, `app/M.States.S${index}`, [runTree()]));
    const budgets = { runBudget: '1000', monthBudget: '100000' };
    const head = assessmentOf(sum('one execution', 'app-training/Machine', states), budgets);

    const rows = markdown(head, assessmentOf(sum('one execution', 'app-training/Machine', []), budgets)).split('\n');

    expect(rows.filter((row) => row.startsWith('| `'))).toHaveLength(40);
    expect(rows).toContainEqual(expect.stringMatching(/^\| 10 more .* \+\$34\.42 \| \+\$1,?066\.\d\d \|$/));
  });
});

describe('Markdown', () => {
  it('takes texts of templates as text', () => {
    expect(plainText('a <img> | `b` *c* [d](e)\nf')).toBe('a \\<img\\> \\| \\`b\\` \\*c\\* \\[d\\](e) f');
    expect(inlineCode('a`b')).toBe('``a`b``');
    expect(inlineCode('`a')).toBe('`` `a ``');
    expect(
      markdownTable(
        [
          ['a|b', 'c\\|d'],
          ['1', '2'],
        ],
        ['left', 'right'],
      ),
    ).toBe('| a\\|b | c\\|d |\n| ---- | ---: |\n| 1    |    2 |');
  });
});
