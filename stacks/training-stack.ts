import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { pinFeatureFlags } from '../lib/constructs/feature-flags.ts';
import type { PlannedPipeline } from '../lib/constructs/planned-pipeline.ts';
import { type EnforcedBound, TrainingWorkflow } from '../lib/constructs/training-workflow.ts';
import type { JobsStack } from './jobs-stack.ts';
import type { RegistryStack } from './registry-stack.ts';
import type { StorageStack } from './storage-stack.ts';

export interface TrainingStackProps extends StackProps {
  readonly pipeline: PlannedPipeline;
  readonly storage: StorageStack;
  readonly jobs: JobsStack;
  readonly registry: RegistryStack;
  readonly image?: string;
  readonly bound?: EnforcedBound;
}

/** The state machine, its functions and the roles of training and evaluation. */
export class TrainingStack extends Stack {
  readonly workflow: TrainingWorkflow;

  constructor(scope: Construct, id: string, props: TrainingStackProps) {
    const { pipeline, storage, jobs, registry, image, bound, ...stackProps } = props;
    super(scope, id, stackProps);
    pinFeatureFlags(this);
    this.workflow = new TrainingWorkflow(this, 'Workflow', {
      plan: pipeline.plan,
      bucketName: storage.lake.bucketName,
      key: storage.lake.key,
      code: jobs.code,
      files: jobs.files,
      databaseName: storage.catalog.databaseName,
      modelPackageGroup: registry.registry.groupName,
      image,
      bound,
    });
    this.addStackDependency(jobs, 'jobs are named, not referred to');
    this.addStackDependency(registry, 'the model package group is named, not referred to');
  }
}
