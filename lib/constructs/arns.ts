import { Aws, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** ARN of a resource of the scope's account and region: `<service>` and everything after the account. */
export function localArn(scope: Construct, service: string, resource: string): string {
  return `arn:${Aws.PARTITION}:${service}:${Stack.of(scope).region}:${Aws.ACCOUNT_ID}:${resource}`;
}

export const bucketArn = (bucket: string): string => `arn:${Aws.PARTITION}:s3:::${bucket}`;

/** ARN of an object, or of every object below a prefix that ends in `*`. */
export const objectArn = (bucket: string, key: string): string => `${bucketArn(bucket)}/${key}`;
