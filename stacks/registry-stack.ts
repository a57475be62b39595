import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { pinFeatureFlags } from '../lib/constructs/feature-flags.ts';
import { ModelRegistry } from '../lib/constructs/model-registry.ts';
import type { PlannedPipeline } from '../lib/constructs/planned-pipeline.ts';

export interface RegistryStackProps extends StackProps {
  readonly pipeline: PlannedPipeline;
}

/** The model package group: versions outlive the workflow that made them. */
export class RegistryStack extends Stack {
  readonly registry: ModelRegistry;

  constructor(scope: Construct, id: string, { pipeline, ...props }: RegistryStackProps) {
    super(scope, id, props);
    pinFeatureFlags(this);
    this.registry = new ModelRegistry(this, 'Registry', { pipeline: pipeline.plan.pipeline });
  }
}
