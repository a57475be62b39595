import { describe, expect, it } from 'vitest';
import type { CostAssessment } from '../../../../lib/cost/assessment.ts';
import { COST_DIAGNOSTICS } from '../../../../lib/cost/cost-diagnostic.ts';
import { reviewCost } from '../../../../lib/cost/review/review.ts';
import { reviewToSarif, type SourcePlace } from '../../../../lib/cost/review/review-sarif.ts';
import { assessmentOf, problem, REQUEST, refusedAssessment, runTree } from '../../../support/assessments.ts';

interface Sarif {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly object[];
    }[];
  }[];
}

function sarif(assessment: CostAssessment, place: SourcePlace = { file: 'cdk.json', line: 1 }): Sarif['runs'][number] {
  const review = reviewCost({ ...REQUEST, stacks: [], base: undefined, problems: [] }, () => assessment);
  const log = reviewToSarif(review, { toolVersion: '1.2.3', placeOf: () => place }) as Sarif;
  expect(log.version).toBe('2.1.0');
  expect(log.runs).toHaveLength(1);
  return log.runs[0] as Sarif['runs'][number];
}

describe('a review as SARIF', () => {
  it('has a rule for every diagnostic and for the budget, each once', () => {
    const ids = sarif(assessmentOf()).tool.driver.rules.map(({ id }) => id);

    expect(ids).toEqual([...Object.keys(COST_DIAGNOSTICS), 'over-budget']);
  });

  it('has no result within the budgets', () => {
    expect(sarif(assessmentOf()).results).toEqual([]);
  });

  it('has a result for each diagnostic, in its file and line, that points to its rule', () => {
    const place = { file: 'cdk.out/flight delays.template.json', line: 12 };
    const { results, tool } = sarif(refusedAssessment(problem('missing-limit'), problem('old-price-book')), place);

    expect(results).toMatchObject([
      {
        ruleId: 'missing-limit',
        level: 'error',
        message: { text: expect.stringContaining('Fix: set Timeout to a literal number of minutes') },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'cdk.out/flight%20delays.template.json' },
              region: { startLine: 12 },
            },
            logicalLocations: [{ fullyQualifiedName: 'app-jobs/IngestJob.Properties.Timeout' }],
          },
        ],
      },
      { ruleId: 'old-price-book', level: 'warning' },
    ]);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  it('has a result for each budget that is exceeded', () => {
    const { results } = sarif(assessmentOf(runTree({ workers: 15 })));

    expect(results.map(({ ruleId, message }) => `${ruleId} ${message.text.split('\n')[0]}`)).toEqual([
      'over-budget app-training/Machine: a run may cost $6.53, $0.53 above its budget of $6.00',
      'over-budget templates: a month may cost $203.17, $3.17 above its budget of $200.00',
    ]);
  });
});
