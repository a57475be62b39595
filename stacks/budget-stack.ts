import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { pinFeatureFlags } from '../lib/constructs/feature-flags.ts';
import type { PlannedPipeline } from '../lib/constructs/planned-pipeline.ts';
import { SpendGuard } from '../lib/constructs/spend-guard.ts';
import type { TrainingStack } from './training-stack.ts';

export interface BudgetStackProps extends StackProps {
  readonly pipeline: PlannedPipeline;
  readonly training: TrainingStack;
}

/** AWS Budgets behind the ledger: alarms, and an action that stops new jobs. */
export class BudgetStack extends Stack {
  constructor(scope: Construct, id: string, { pipeline, training, ...props }: BudgetStackProps) {
    super(scope, id, props);
    pinFeatureFlags(this);
    new SpendGuard(this, 'Guard', {
      pipeline: pipeline.plan.pipeline,
      monthUsd: pipeline.plan.bounds.month,
      roles: [training.workflow.role],
    });
    new CfnOutput(this, 'ActivateCostAllocationTag', {
      description: 'Once an account: until then AWS Budgets sees nothing of this pipeline',
      value: 'aws ce update-cost-allocation-tags-status --cost-allocation-tags-status TagKey=Pipeline,Status=Active',
    });
  }
}
