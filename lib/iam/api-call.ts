/** What a call touches. Its resources are ARNs, ARN patterns, or tokens that become one of them. */
export type ResourceKind =
  | 'object'
  | 'bucket'
  | 'key'
  | 'glueJob'
  | 'catalog'
  | 'database'
  | 'table'
  | 'trainingJob'
  | 'processingJob'
  | 'modelPackage'
  | 'modelPackageGroup'
  | 'role'
  | 'function'
  | 'stateMachine'
  | 'execution'
  | 'rule'
  | 'logGroup'
  | 'logStream'
  | 'repository';

/** One IAM action that a call needs. */
interface Need {
  readonly action: string;
  /** Kind of resource that it is checked against; null: the action knows no resources and is checked against `*`. */
  readonly on: ResourceKind | null;
  /** Context keys with which AWS makes this check. */
  readonly context?: Readonly<Record<string, string>>;
}

const passRoleTo = (service: string): Need => ({
  action: 'iam:PassRole',
  on: 'role',
  context: { 'iam:PassedToService': service },
});

const onPartitions = (action: string): readonly Need[] => [
  { action, on: 'catalog' },
  { action, on: 'database' },
  { action, on: 'table' },
];

/**
 * The IAM actions that each API call needs, as AWS checks them. A need is checked against every resource of its kind
 * that the call names; a kind that the call does not name is not needed (a bucket without a key of its own).
 *
 * - `key` (KMS): an upload in parts decrypts its data key again, hence kms:Decrypt.
 *   Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html (2026-11-20).
 * - `bucket` beside an object: without s3:ListBucket S3 answers 403, not 404, for an object that does not exist.
 *   Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html (2026-11-20).
 * - Resource types of every action.
 *   Source: https://docs.aws.amazon.com/service-authorization/latest/reference/ (2026-11-20).
 * - PassRole of SageMaker jobs.
 *   Source: https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html (2026-11-20).
 */
export const NEEDS_BY_API = {
  's3:GetObject': [
    { action: 's3:GetObject', on: 'object' },
    { action: 's3:ListBucket', on: 'bucket' },
    { action: 'kms:Decrypt', on: 'key' },
  ],
  's3:HeadObject': [
    { action: 's3:GetObject', on: 'object' },
    { action: 's3:ListBucket', on: 'bucket' },
    { action: 'kms:Decrypt', on: 'key' },
  ],
  's3:PutObject': [
    { action: 's3:PutObject', on: 'object' },
    { action: 'kms:GenerateDataKey', on: 'key' },
    { action: 'kms:Decrypt', on: 'key' },
  ],
  's3:DeleteObject': [{ action: 's3:DeleteObject', on: 'object' }],
  's3:ListObjectsV2': [{ action: 's3:ListBucket', on: 'bucket' }],
  's3:GetBucketLocation': [{ action: 's3:GetBucketLocation', on: 'bucket' }],
  'glue:StartJobRun': [{ action: 'glue:StartJobRun', on: 'glueJob' }],
  'glue:GetJobRun': [{ action: 'glue:GetJobRun', on: 'glueJob' }],
  'glue:GetJobRuns': [{ action: 'glue:GetJobRuns', on: 'glueJob' }],
  'glue:BatchStopJobRun': [{ action: 'glue:BatchStopJobRun', on: 'glueJob' }],
  'glue:GetTable': onPartitions('glue:GetTable'),
  'glue:GetPartitions': onPartitions('glue:GetPartitions'),
  'glue:BatchGetPartition': onPartitions('glue:BatchGetPartition'),
  'glue:BatchCreatePartition': onPartitions('glue:BatchCreatePartition'),
  'glue:BatchUpdatePartition': onPartitions('glue:BatchUpdatePartition'),
  'glue:BatchDeletePartition': onPartitions('glue:BatchDeletePartition'),
  'sagemaker:CreateTrainingJob': [
    { action: 'sagemaker:CreateTrainingJob', on: 'trainingJob' },
    passRoleTo('sagemaker.amazonaws.com'),
  ],
  'sagemaker:DescribeTrainingJob': [{ action: 'sagemaker:DescribeTrainingJob', on: 'trainingJob' }],
  'sagemaker:StopTrainingJob': [{ action: 'sagemaker:StopTrainingJob', on: 'trainingJob' }],
  'sagemaker:ListTrainingJobs': [{ action: 'sagemaker:ListTrainingJobs', on: null }],
  'sagemaker:CreateProcessingJob': [
    { action: 'sagemaker:CreateProcessingJob', on: 'processingJob' },
    passRoleTo('sagemaker.amazonaws.com'),
  ],
  'sagemaker:DescribeProcessingJob': [{ action: 'sagemaker:DescribeProcessingJob', on: 'processingJob' }],
  'sagemaker:StopProcessingJob': [{ action: 'sagemaker:StopProcessingJob', on: 'processingJob' }],
  'sagemaker:ListProcessingJobs': [{ action: 'sagemaker:ListProcessingJobs', on: null }],
  'sagemaker:AddTags': [
    { action: 'sagemaker:AddTags', on: 'trainingJob' },
    { action: 'sagemaker:AddTags', on: 'processingJob' },
    { action: 'sagemaker:AddTags', on: 'modelPackage' },
  ],
  'sagemaker:ListTags': [
    { action: 'sagemaker:ListTags', on: 'trainingJob' },
    { action: 'sagemaker:ListTags', on: 'processingJob' },
    { action: 'sagemaker:ListTags', on: 'modelPackage' },
  ],
  'sagemaker:CreateModelPackage': [{ action: 'sagemaker:CreateModelPackage', on: 'modelPackage' }],
  'sagemaker:DescribeModelPackage': [{ action: 'sagemaker:DescribeModelPackage', on: 'modelPackage' }],
  'sagemaker:UpdateModelPackage': [{ action: 'sagemaker:UpdateModelPackage', on: 'modelPackage' }],
  'sagemaker:ListModelPackages': [{ action: 'sagemaker:ListModelPackages', on: null }],
  'sagemaker:DescribeModelPackageGroup': [{ action: 'sagemaker:DescribeModelPackageGroup', on: 'modelPackageGroup' }],
  'lambda:Invoke': [{ action: 'lambda:InvokeFunction', on: 'function' }],
  'states:StartExecution': [{ action: 'states:StartExecution', on: 'stateMachine' }],
  'states:ListExecutions': [{ action: 'states:ListExecutions', on: 'stateMachine' }],
  'states:DescribeExecution': [{ action: 'states:DescribeExecution', on: 'execution' }],
  'states:StopExecution': [{ action: 'states:StopExecution', on: 'execution' }],
  'events:PutRule': [{ action: 'events:PutRule', on: 'rule' }],
  'events:PutTargets': [{ action: 'events:PutTargets', on: 'rule' }],
  'events:DescribeRule': [{ action: 'events:DescribeRule', on: 'rule' }],
  'logs:CreateLogGroup': [{ action: 'logs:CreateLogGroup', on: 'logGroup' }],
  'logs:DescribeLogStreams': [{ action: 'logs:DescribeLogStreams', on: 'logGroup' }],
  'logs:CreateLogStream': [{ action: 'logs:CreateLogStream', on: 'logStream' }],
  'logs:PutLogEvents': [{ action: 'logs:PutLogEvents', on: 'logStream' }],
  'cloudwatch:PutMetricData': [{ action: 'cloudwatch:PutMetricData', on: null }],
  'ecr:GetAuthorizationToken': [{ action: 'ecr:GetAuthorizationToken', on: null }],
  'ecr:BatchCheckLayerAvailability': [{ action: 'ecr:BatchCheckLayerAvailability', on: 'repository' }],
  'ecr:GetDownloadUrlForLayer': [{ action: 'ecr:GetDownloadUrlForLayer', on: 'repository' }],
  'ecr:BatchGetImage': [{ action: 'ecr:BatchGetImage', on: 'repository' }],
} as const satisfies Readonly<Record<string, readonly Need[]>>;

/** `<service>:<API>` as the service's API reference names it, which is not always the action's name. */
export type ApiName = keyof typeof NEEDS_BY_API;

/**
 * An API call as a handler, a state or a job makes it. `Resource` is opaque here: a text, or a token of the tool that
 * renders the policy.
 */
export interface ApiCall<Resource = string> {
  readonly api: ApiName;
  readonly resources: Readonly<Partial<Record<ResourceKind, readonly Resource[]>>>;
}

/** One question to IAM: may this action be done to this resource, with these context keys? */
export interface AuthorizationRequest<Resource = string> {
  readonly action: string;
  readonly resource: Resource | '*';
  readonly context: Readonly<Record<string, string>>;
}

/** Everything that AWS asks IAM when the call is made: all of it must be allowed. */
export function requestsOf<Resource>(call: ApiCall<Resource>): readonly AuthorizationRequest<Resource>[] {
  const needs: readonly Need[] = NEEDS_BY_API[call.api];
  return needs.flatMap(({ action, on, context = {} }) => {
    const resources: readonly (Resource | '*')[] = on === null ? ['*'] : (call.resources[on] ?? []);
    return resources.map((resource) => ({ action, resource, context }));
  });
}
