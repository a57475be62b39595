import type { Construct } from 'constructs';

/**
 * CDK features that our constructs and stacks rely on, whatever the app that they are used in has chosen for itself:
 * the same definition gives the same templates in every app.
 * References between stacks are strong: what a stack of ours still uses cannot be deleted under it.
 */
const FEATURE_FLAGS = {
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
  '@aws-cdk/core:enablePartitionLiterals': false,
} as const;

/** Sets the features for everything below the scope, which must be without children. */
export function pinFeatureFlags(scope: Construct): void {
  for (const [flag, value] of Object.entries(FEATURE_FLAGS)) scope.node.setContext(flag, value);
}
