import { describe, expect, it } from 'vitest';
import { jobNameStem, readJobName } from '../../../lib/runs/job-names.ts';

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

  it('begin with at most twenty characters of the pipeline, so that they fit SageMaker', () => {
    const long = jobNameStem('a-very-long-pipeline-name', '2001-07-01T08-00-00Z-999');

    expect(long).toBe('a-very-long-pipeline-2001-07-01T08-00-00Z-999-');
    expect(`${long}eval-0a1b2c3d`.length).toBeLessThanOrEqual(63);
  });
});
