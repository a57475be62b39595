import { describe, expect, it } from 'vitest';
import { reviewCost, unreadableReview } from '../../../../lib/cost/review/review.ts';
import { reviewToJson } from '../../../../lib/cost/review/review-json.ts';
import { must } from '../../../../lib/errors/fault.ts';
import { assessmentOf, problem, REQUEST, runTree } from '../../../support/assessments.ts';

const FIELDS = [
  'version',
  'verdict',
  'region',
  'prices',
  'run',
  'month',
  'machines',
  'diagnostics',
  'declared',
  'assumptions',
  'expected',
  'tree',
  'change',
];

describe('a review as JSON', () => {
  it('has exact decimals, the tree of the run, and what moved the bound', () => {
    const queue = [assessmentOf(runTree({ workers: 6 })), assessmentOf()];
    const review = reviewCost({ ...REQUEST, stacks: [], base: [], problems: [] }, () =>
      must(queue.shift(), 'one more'),
    );

    const json = reviewToJson(review);

    expect(Object.keys(json)).toEqual(FIELDS);
    expect(json).toMatchObject({
      version: 1,
      verdict: 'bounded',
      region: 'us-east-1',
      prices: { compiledOn: '2026-11-20' },
      run: { usd: '3.749408333336', budgetUsd: '6' },
      month: { usd: '117.231658333416', budgetUsd: '200', tree: { kind: 'sum', label: 'one month' } },
      machines: [{ machine: 'app-training/Machine', usd: '3.749408333336', startsPerMonth: 31 }],
      diagnostics: [],
      declared: [{ name: 'log-gigabytes', unit: 'GB', quantity: null, usd: null }],
      assumptions: [{ name: 'no-redrive' }],
      expected: [
        { checkpointSeconds: 60, expectedSeconds: 1_823.4, expectedUsd: '0.0467', boundUsd: '0.237666666667' },
      ],
      tree: { kind: 'sum', label: 'one execution', usd: '3.749408333336' },
      change: {
        run: { fromUsd: '3.441408333336', toUsd: '3.749408333336', deltaUsd: '0.308' },
        month: { deltaUsd: '9.548' },
        moved: [
          { bound: 'month', usd: '9.548' },
          {
            bound: 'run',
            kind: 'changed',
            path: 'app-jobs/IngestJob.Properties.NumberOfWorkers',
            name: 'NumberOfWorkers',
            from: '5',
            to: '6',
            usd: '0.308',
          },
        ],
        notCompared: null,
        baseDiagnostics: [],
      },
    });
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  it('has the same fields and no number where the input cannot be read', () => {
    const json = reviewToJson(unreadableReview({}, [problem('malformed-template', 'app.template.json')]));

    expect(Object.keys(json)).toEqual(FIELDS);
    expect(json).toMatchObject({
      verdict: 'unbounded',
      region: null,
      prices: { compiledOn: null },
      run: { usd: null, budgetUsd: null },
      month: { usd: null, tree: null },
      tree: null,
      change: null,
    });
    expect(json).toHaveProperty('diagnostics', [
      {
        code: 'malformed-template',
        severity: 'error',
        path: 'app.template.json',
        message: 'is not set',
        fix: 'set Timeout to a literal number of minutes',
      },
    ]);
  });
});
