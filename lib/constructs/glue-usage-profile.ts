import { CfnUsageProfile } from 'aws-cdk-lib/aws-glue';
import { type Policy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Tags } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Plan } from '../plan/plan.ts';
import { AUDIT_LIMITS, type GlueLimits } from '../render/glue-jobs.ts';
import { localArn } from './arns.ts';
import { pinFeatureFlags } from './feature-flags.ts';

export interface GlueUsageProfileProps {
  readonly plan: Plan;
  /** Who starts jobs: Glue enforces the profile of the caller, Step Functions' role included. */
  readonly role: Role;
  readonly policy: Policy;
}

/** Names the profile of a role. Source: https://docs.aws.amazon.com/glue/latest/dg/start-usage-profiles-managing.html (2026-11-21). */
const PROFILE_TAG = 'glue:UsageProfile';

/**
 * The greatest Glue job that a role may start: whatever a job or a call says, Glue refuses a run of more workers, of
 * another type or with a longer timeout.
 * Source: https://docs.aws.amazon.com/glue/latest/dg/start-usage-profiles-jobs.html (2026-11-21).
 */
export class GlueUsageProfile extends Construct {
  constructor(scope: Construct, id: string, { plan, role, policy }: GlueUsageProfileProps) {
    super(scope, id);
    pinFeatureFlags(this);
    const jobs: readonly GlueLimits[] = [plan.glue, AUDIT_LIMITS];
    const greatest = (limit: 'workers' | 'timeoutMinutes') => Math.max(...jobs.map((job) => job[limit]));
    const { workerType } = plan.glue;
    const upTo = (most: number) => ({ defaultValue: String(most), minValue: '1', maxValue: String(most) });
    const profile = new CfnUsageProfile(this, 'Profile', {
      name: plan.pipeline,
      description: `The greatest job that a run of ${plan.pipeline} may start`,
      configuration: {
        jobConfiguration: {
          numberOfWorkers: upTo(greatest('workers')),
          workerType: { defaultValue: workerType, allowedValues: [...new Set(jobs.map((job) => job.workerType))] },
          timeout: upTo(greatest('timeoutMinutes')),
        },
      },
    });
    policy.addStatements(
      new PolicyStatement({
        actions: ['glue:GetUsageProfile'],
        resources: [localArn(this, 'glue', `usageProfile/${plan.pipeline}`)],
      }),
    );
    Tags.of(role).add(PROFILE_TAG, plan.pipeline);
    role.node.addDependency(profile);
  }
}
