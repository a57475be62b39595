import { type IRole, Policy, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { Stack, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { ApiCall } from '../iam/api-call.ts';
import { derivePolicy } from '../iam/derive-policy.ts';

/** Why a policy may name resources by a pattern, by what the pattern begins with; the first that matches counts. */
const WILDCARD_REASONS: readonly (readonly [RegExp, string])[] = [
  [/:s3:::/, 'Objects are named by slot, fingerprint and attempt, which only a run knows; the pattern is one prefix.'],
  [/:logs:/, 'Log streams are named when a function or job starts; the pattern is inside its own log groups.'],
  [/:sagemaker:.*-job\//, 'Job names carry execution and try, which only a run knows; the pattern is this pipeline.'],
  [/:sagemaker:.*:model-package\//, 'Package versions are numbered at creation; the pattern is this pipeline’s group.'],
  [/:states:.*:execution:/, 'Executions are named by slot and attempt; the pattern is this pipeline’s state machine.'],
  [/^\*$/, 'These actions know no resources: IAM checks them against * only.'],
];

/** Gives the role the least policy under which it may make the calls, with a written reason for every pattern. */
export function grantCalls(scope: Construct, role: IRole, calls: readonly ApiCall[]): Policy {
  const document = derivePolicy(calls);
  const policy = new Policy(scope, 'Calls', { document: PolicyDocument.fromJson(document), roles: [role] });
  acknowledgePatterns(
    policy,
    document.Statement.flatMap((statement) => statement.Resource),
  );
  return policy;
}

/** Writes down why each resource with a `*` is as narrow as it can be; one without a known reason stays a violation. */
export function acknowledgePatterns(policy: Construct, resources: readonly string[]): void {
  const patterns = new Set(resources.map((resource) => flattened(policy, resource)).filter((arn) => arn.includes('*')));
  for (const pattern of patterns) {
    const reason = WILDCARD_REASONS.find(([expression]) => expression.test(pattern))?.[1];
    if (reason === undefined) continue;
    Validations.of(policy).acknowledge({ id: `AwsSolutions-IAM5[Resource::${pattern}]`, reason });
  }
}

/** The text of an ARN with its pseudo parameters as cdk-nag writes them: `<AWS::AccountId>`. */
function flattened(scope: Construct, arn: string): string {
  const resolved: unknown = Stack.of(scope).resolve(arn);
  if (typeof resolved === 'string') return resolved;
  const join: unknown = Object(resolved)['Fn::Join'];
  const parts: readonly unknown[] = Array.isArray(join) && Array.isArray(join[1]) ? join[1] : [];
  return parts.map((part) => (typeof part === 'string' ? part : `<${String(Object(part)['Ref'])}>`)).join('');
}
