import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { handler } from '../../lambdas/publish-trial/handler.ts';
import type { FakeCloud } from '../support/fake-cloud.ts';
import { BUCKET, deploy } from '../support/pipeline-world.ts';

const FINGERPRINT = '0a'.repeat(16);
const PREFIX = `models/flight-delays/trials/${FINGERPRINT}/`;
const event = (job: string, status = 'Completed') => ({
  trial: {
    index: 2,
    fingerprint: FINGERPRINT,
    published: false,
    hyperparameters: { eta: '0.1' },
    prefix: PREFIX,
    checkpoints: 'models/flight-delays/checkpoints/x/',
  },
  job,
  status,
});

let cloud: FakeCloud;
afterEach(() => cloud.restore());

function trained(job: string): void {
  cloud = deploy();
  cloud.s3.write(`${BUCKET}/${PREFIX}${job}/output/model.tar.gz`, Buffer.from(`model of ${job}`));
  cloud.s3.write(`${BUCKET}/${PREFIX}${job}/output/output.tar.gz`, Buffer.from('output'));
}

describe('publishing a trial', () => {
  it('records which job made the model, with the digests of its archives', async () => {
    trained('job-1');

    expect(await handler(event('job-1'))).toEqual({ index: 2, fingerprint: FINGERPRINT });
    expect(cloud.s3.json(`${BUCKET}/${PREFIX}manifest.json`)).toEqual({
      version: 1,
      fingerprint: FINGERPRINT,
      index: 2,
      job: 'job-1',
      hyperparameters: { eta: '0.1' },
      model: {
        key: `${PREFIX}job-1/output/model.tar.gz`,
        sha256: createHash('sha256').update('model of job-1').digest('hex'),
      },
      output: {
        key: `${PREFIX}job-1/output/output.tar.gz`,
        sha256: createHash('sha256').update('output').digest('hex'),
      },
    });
  });

  it('stays with the job that was published first', async () => {
    trained('job-1');
    await handler(event('job-1'));
    cloud.s3.write(`${BUCKET}/${PREFIX}job-2/output/model.tar.gz`, 'other');
    cloud.s3.write(`${BUCKET}/${PREFIX}job-2/output/output.tar.gz`, 'other');

    await handler(event('job-2'));

    expect(cloud.s3.json(`${BUCKET}/${PREFIX}manifest.json`)).toMatchObject({ job: 'job-1' });
  });

  it.each(['Stopped', 'Failed', 'InProgress'])('refuses a job that ended as %s', async (status) => {
    trained('job-1');

    await expect(handler(event('job-1', status))).rejects.toMatchObject({ name: 'TrainingJobNotCompleted' });
    expect(cloud.s3.json(`${BUCKET}/${PREFIX}manifest.json`)).toBeUndefined();
  });

  it('fails by name where the job left no archive', async () => {
    trained('job-1');

    await expect(handler(event('job-9'))).rejects.toMatchObject({ name: 'MissingObject' });
  });
});
