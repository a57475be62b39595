import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { DataLake } from '../lib/constructs/data-lake.ts';
import { pinFeatureFlags } from '../lib/constructs/feature-flags.ts';
import { LakeCatalog } from '../lib/constructs/lake-catalog.ts';
import type { PlannedPipeline } from '../lib/constructs/planned-pipeline.ts';

export interface StorageStackProps extends StackProps {
  readonly pipeline: PlannedPipeline;
}

/** The data bucket and its catalog: what must outlive every deployment. */
export class StorageStack extends Stack {
  readonly lake: DataLake;
  readonly catalog: LakeCatalog;

  constructor(scope: Construct, id: string, { pipeline, ...props }: StorageStackProps) {
    super(scope, id, props);
    pinFeatureFlags(this);
    const { plan } = pipeline;
    this.lake = new DataLake(this, 'Lake', { pipeline: plan.pipeline });
    this.catalog = new LakeCatalog(this, 'Catalog', {
      pipeline: plan.pipeline,
      bucketName: this.lake.bucketName,
      sources: plan.sources,
    });
  }
}
