import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type LifecycleRule,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { localArn } from './arns.ts';
import { pinFeatureFlags } from './feature-flags.ts';
import { physicalNames } from './physical-names.ts';

export interface DataLakeProps {
  readonly pipeline: string;
}

/**
 * Lifecycle rules know prefixes, not references: they abort what was never finished and move data to cheaper classes
 * that can still be read at once; nothing expires.
 */
const LIFECYCLE: readonly LifecycleRule[] = [
  { id: 'abort-incomplete-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
  {
    id: 'cheaper-noncurrent-versions',
    noncurrentVersionTransitions: [
      { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(30) },
    ],
  },
  ...['raw/', 'quarantine/'].map((prefix) => ({
    id: `cheaper-${prefix.slice(0, -1)}`,
    prefix,
    transitions: [{ storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) }],
  })),
  ...['curated/', 'feature-rows/', 'training-sets/', 'models/'].map((prefix) => ({
    id: `cheaper-${prefix.slice(0, -1)}`,
    prefix,
    transitions: [{ storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(30) }],
  })),
];

/** The bucket that holds everything a pipeline reads and writes, its key, and the bucket of its access logs. */
export class DataLake extends Construct {
  readonly key: Key;
  readonly bucket: Bucket;
  /** The bucket's name as policies and state machines of other stacks write it. */
  readonly bucketName: string;

  constructor(scope: Construct, id: string, { pipeline }: DataLakeProps) {
    super(scope, id);
    pinFeatureFlags(this);
    const names = physicalNames(pipeline, Stack.of(this).region);
    this.bucketName = names.dataBucket;
    this.key = this.createKey(pipeline);
    this.bucket = new Bucket(this, 'Data', {
      bucketName: names.dataBucket,
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: true,
      serverAccessLogsBucket: this.createLogBucket(names.logBucket),
      serverAccessLogsPrefix: 'data/',
      lifecycleRules: [...LIFECYCLE],
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private createKey(pipeline: string): Key {
    const key = new Key(this, 'Key', {
      description: `Encrypts what the pipeline ${pipeline} stores and logs`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const logs = new ServicePrincipal(`logs.${Stack.of(this).region}.amazonaws.com`);
    key.grantEncryptDecrypt(
      logs.withConditions({ ArnLike: { 'kms:EncryptionContext:aws:logs:arn': localArn(this, 'logs', '*') } }),
    );
    return key;
  }

  private createLogBucket(bucketName: string): Bucket {
    const bucket = new Bucket(this, 'AccessLogs', {
      bucketName,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: true,
      lifecycleRules: [
        { id: 'abort-incomplete-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
        {
          id: 'cheaper-logs',
          transitions: [{ storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) }],
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'This bucket holds the access logs; logging its own access into itself would never end.',
    });
    return bucket;
  }
}
