import type { Construct } from 'constructs';

/** CDK features that our constructs rely on, whatever the app that they are used in has chosen for itself. */
const FEATURE_FLAGS = ['@aws-cdk/aws-iam:minimizePolicies', '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy'] as const;

/** Turns the features on below the scope, which must be without children. */
export function pinFeatureFlags(scope: Construct): void {
  for (const flag of FEATURE_FLAGS) scope.node.setContext(flag, true);
}
