import type { Checked } from '../errors/diagnostic.ts';
import type { ApiCall, ApiName } from './api-call.ts';

/** The resources that a Task touches: what the caller knows of its Arguments. */
export interface TaskUse<Resource = string> {
  /** `Resource` of the Task state, with any partition: `arn:aws:states:::sagemaker:createTrainingJob.sync`. */
  readonly resource: string;
  readonly resources: ApiCall<Resource>['resources'];
}

/**
 * Step Functions hears of a SageMaker job's end through an EventBridge rule of its own (resource of kind `rule`), which
 * it makes when it needs it; Glue it polls.
 */
const RULE_CALLS = ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'] as const satisfies readonly ApiName[];

/**
 * The calls behind each integration. A SageMaker job of ours always has tags, which asks for AddTags too.
 * Sources (2026-11-20): https://docs.aws.amazon.com/step-functions/latest/dg/glue-iam.html,
 * https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html,
 * https://docs.aws.amazon.com/step-functions/latest/dg/lambda-iam.html.
 */
const CALLS_BY_INTEGRATION: Readonly<Record<string, readonly ApiName[]>> = {
  'lambda:invoke': ['lambda:Invoke'],
  'aws-sdk:s3:getObject': ['s3:GetObject'],
  'aws-sdk:s3:headObject': ['s3:HeadObject'],
  'aws-sdk:s3:putObject': ['s3:PutObject'],
  'aws-sdk:s3:listObjectsV2': ['s3:ListObjectsV2'],
  'glue:startJobRun': ['glue:StartJobRun'],
  'glue:startJobRun.sync': ['glue:StartJobRun', 'glue:GetJobRun', 'glue:GetJobRuns', 'glue:BatchStopJobRun'],
  'sagemaker:createTrainingJob': ['sagemaker:CreateTrainingJob', 'sagemaker:AddTags'],
  'sagemaker:createTrainingJob.sync': [
    'sagemaker:CreateTrainingJob',
    'sagemaker:AddTags',
    'sagemaker:DescribeTrainingJob',
    'sagemaker:StopTrainingJob',
    'sagemaker:ListTags',
    ...RULE_CALLS,
  ],
  'sagemaker:createProcessingJob': ['sagemaker:CreateProcessingJob', 'sagemaker:AddTags'],
  'sagemaker:createProcessingJob.sync': [
    'sagemaker:CreateProcessingJob',
    'sagemaker:AddTags',
    'sagemaker:DescribeProcessingJob',
    'sagemaker:StopProcessingJob',
    'sagemaker:ListTags',
    ...RULE_CALLS,
  ],
};

const INTEGRATION = /^arn:[^:]*(?:\{[^}]*\})?:states:::(.+)$/;
const LAMBDA_FUNCTION = /^arn:[^:]*:lambda:/;

/** The API calls that Step Functions makes for a Task, its `.sync` follow-up included; unknown integrations are refused. */
export function callsOfTask<Resource = string>({
  resource,
  resources,
}: TaskUse<Resource>): Checked<readonly ApiCall<Resource>[]> {
  const integration = LAMBDA_FUNCTION.test(resource) ? 'lambda:invoke' : INTEGRATION.exec(resource)?.[1];
  const apis = CALLS_BY_INTEGRATION[integration ?? ''];
  if (apis !== undefined) return { value: apis.map((api) => ({ api, resources })), diagnostics: [] };
  return {
    diagnostics: [
      {
        code: 'unknown-integration',
        severity: 'error',
        at: resource,
        message: `the calls behind ${resource} are not known, so no policy can be derived for it`,
        fix: `use one of ${Object.keys(CALLS_BY_INTEGRATION).join(', ')}`,
      },
    ],
  };
}
