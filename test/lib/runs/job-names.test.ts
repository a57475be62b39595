import { describe, expect, it } from 'vitest';
import { matchesWildcard } from '../../../lib/iam/wildcard.ts';
import { jobNamePattern, jobNameStem, readJobName } from '../../../lib/runs/job-names.ts';

describe('names of SageMaker jobs', () => {
  const stem = jobNameStem('flight-delays', '2001-07-01T08-00-00Z-1');

  it.each([
    ['flight-delays-2001-07-01T08-00-00Z-1-t0-0a1b2c3d', 'trial'],
    ['flight-delays-2001-07-01T08-00-00Z-1-t11-0a1b2c3d', 'trial'],
    ['flight-delays-2001-07-01T08-00-00Z-1-eval-0a1b2c3d', 'evaluation'],
    ['flight-delays-2001-07-01T08-00-00Z-10-t0-0a1b2c3d', undefined],
    ['other-flight-delays-2001-07-01T08-00-00Z-1-t0-0a1b2c3d', undefined],
    ['flight-delays-2001-07-01T08-00-00Z-1-t0', undefined],
    ['flight-delays-2001-07-01T08-00-00Z-1-mine', undefined],
  ])('%s is %s of attempt 1', (name, kind) => {
    expect(readJobName(name, stem)).toBe(kind);
  });

  it('fit SageMaker for the longest name of a pipeline', () => {
    const long = jobNameStem('a-pipeline-of-24-letters', '2001-07-01T08-00-00Z-999');

    expect(`${long}t999-0a1b2c3d`.length).toBe(63);
  });

  it('tell pipelines apart whose long names begin alike, and whose names begin with each other', () => {
    const job = (pipeline: string): string => `${jobNameStem(pipeline, '2001-07-01T08-00-00Z-1')}t0-0a1b2c3d`;
    const own = (pipeline: string): boolean =>
      matchesWildcard(jobNamePattern(pipeline), job('customer-churn-model-eu'));

    expect(
      readJobName(job('customer-churn-model-eu'), jobNameStem('customer-churn-model-us', '2001-07-01T08-00-00Z-1')),
    ).toBeUndefined();
    expect(['customer-churn-model-eu', 'customer-churn-model-us', 'customer-churn', 'customer'].filter(own)).toEqual([
      'customer-churn-model-eu',
    ]);
  });
});
