import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Aws } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ApiCall } from '../iam/api-call.ts';
import { bucketArn, localArn, objectArn } from './arns.ts';
import { grantCalls } from './derived-policy.ts';
import { pinFeatureFlags } from './feature-flags.ts';
import type { JobCode } from './job-code.ts';

export interface JobRoleProps {
  readonly pipeline: string;
  readonly bucketName: string;
  readonly key: IKey;
  readonly code: JobCode;
  /** Image of the jobs; where it lies in ECR, the role may pull it. */
  readonly image: string;
}

/** The role of training and evaluation jobs: their inputs, their outputs, their image and their logs. */
export class JobRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: JobRoleProps) {
    super(scope, id);
    pinFeatureFlags(this);
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'),
      description: `What training and evaluation jobs of ${props.pipeline} may do`,
    });
    const policy = grantCalls(this, this.role, [
      ...dataCalls(props),
      ...imageCalls(props.image),
      ...this.observationCalls(),
    ]);
    policy.addStatements(...volumeStatements(props.key));
  }

  private observationCalls(): readonly ApiCall[] {
    const logGroup = [localArn(this, 'logs', 'log-group:/aws/sagemaker/*')];
    return [
      { api: 'logs:CreateLogGroup', resources: { logGroup } },
      { api: 'logs:DescribeLogStreams', resources: { logGroup } },
      { api: 'logs:CreateLogStream', resources: { logStream: logGroup } },
      { api: 'logs:PutLogEvents', resources: { logStream: logGroup } },
      { api: 'cloudwatch:PutMetricData', resources: {} },
    ];
  }
}

/**
 * Encrypted volumes and archives: SageMaker grants itself the key for the instance's volume.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html (2026-11-20).
 */
const volumeStatements = ({ keyArn }: IKey): readonly PolicyStatement[] => [
  new PolicyStatement({ actions: ['kms:DescribeKey', 'kms:Encrypt'], resources: [keyArn] }),
  new PolicyStatement({
    actions: ['kms:CreateGrant'],
    resources: [keyArn],
    conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  }),
];

/** Checkpoints of a trial are replaced and deleted as training goes on; nothing else is ever deleted. */
function dataCalls({ pipeline, bucketName, key, code }: JobRoleProps): readonly ApiCall[] {
  const bucket = [bucketArn(bucketName)];
  const objects = (...patterns: readonly string[]) => patterns.map((pattern) => objectArn(bucketName, pattern));
  const archive = {
    object: [objectArn(code.archive.bucket, code.archive.key)],
    bucket: [bucketArn(code.archive.bucket)],
  };
  return [
    { api: 's3:GetObject', resources: archive },
    {
      api: 's3:GetObject',
      resources: {
        object: objects(`training-sets/${pipeline}/*`, `models/${pipeline}/*`),
        bucket,
        key: [key.keyArn],
      },
    },
    { api: 's3:PutObject', resources: { object: objects(`models/${pipeline}/*`), key: [key.keyArn] } },
    { api: 's3:DeleteObject', resources: { object: objects(`models/${pipeline}/checkpoints/*`) } },
  ];
}

function imageCalls(image: string): readonly ApiCall[] {
  const match = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[^/]+\/([^:@]+)/.exec(image);
  if (match === null) return [];
  const [, account, region, name] = match;
  const repository = [`arn:${Aws.PARTITION}:ecr:${region}:${account}:repository/${name}`];
  return [
    { api: 'ecr:GetAuthorizationToken', resources: {} },
    { api: 'ecr:BatchCheckLayerAvailability', resources: { repository } },
    { api: 'ecr:GetDownloadUrlForLayer', resources: { repository } },
    { api: 'ecr:BatchGetImage', resources: { repository } },
  ];
}
