import { describe, expect, it } from 'vitest';
import { callsOfTask } from '../../../lib/iam/task-calls.ts';

const apisOf = (resource: string) => callsOfTask({ resource, resources: {} }).value?.map(({ api }) => api);

describe('callsOfTask', () => {
  it.each([
    ['arn:aws:states:::lambda:invoke', ['lambda:Invoke']],
    ['arn:aws:lambda:us-east-1:000000000000:function:admit', ['lambda:Invoke']],
    ['arn:aws-cn:states:::aws-sdk:s3:getObject', ['s3:GetObject']],
    ['arn:$' + '{AWS::Partition}:states:::glue:startJobRun', ['glue:StartJobRun']],
    [
      'arn:aws:states:::glue:startJobRun.sync',
      ['glue:StartJobRun', 'glue:GetJobRun', 'glue:GetJobRuns', 'glue:BatchStopJobRun'],
    ],
    [
      'arn:aws:states:::sagemaker:createTrainingJob.sync',
      [
        'sagemaker:CreateTrainingJob',
        'sagemaker:AddTags',
        'sagemaker:DescribeTrainingJob',
        'sagemaker:StopTrainingJob',
        'sagemaker:ListTags',
        'events:PutTargets',
        'events:PutRule',
        'events:DescribeRule',
      ],
    ],
  ])('knows the calls behind %s', (resource, apis) => {
    expect(apisOf(resource)).toEqual(apis);
  });

  it('hands the resources to every call', () => {
    const { value } = callsOfTask({
      resource: 'arn:aws:states:::glue:startJobRun.sync',
      resources: { glueJob: ['arn:aws:glue:us-east-1:000000000000:job/ingest'] },
    });

    expect(value?.map(({ resources }) => resources.glueJob)).toEqual(
      Array.from({ length: 4 }, () => ['arn:aws:glue:us-east-1:000000000000:job/ingest']),
    );
  });

  it.each(['arn:aws:states:::sqs:sendMessage', 'arn:aws:states:::lambda:invoke.waitForTaskToken', 'anything'])(
    'refuses %s by name',
    (resource) => {
      const { value, diagnostics } = callsOfTask({ resource, resources: {} });

      expect(value).toBeUndefined();
      expect(diagnostics).toMatchObject([{ code: 'unknown-integration', message: expect.stringContaining(resource) }]);
    },
  );
});
