import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { DataJobs } from '../lib/constructs/data-jobs.ts';
import type { DataLake } from '../lib/constructs/data-lake.ts';
import { pinFeatureFlags } from '../lib/constructs/feature-flags.ts';
import { JobCode } from '../lib/constructs/job-code.ts';
import type { PlannedPipeline } from '../lib/constructs/planned-pipeline.ts';
import { RunFiles } from '../lib/constructs/run-files.ts';

export interface JobsStackProps extends StackProps {
  readonly pipeline: PlannedPipeline;
  readonly lake: DataLake;
}

/** The Glue jobs, with the code and the programs that they and the training stack run. */
export class JobsStack extends Stack {
  readonly code: JobCode;
  readonly files: RunFiles;

  constructor(scope: Construct, id: string, { pipeline, lake, ...props }: JobsStackProps) {
    super(scope, id, props);
    pinFeatureFlags(this);
    this.code = new JobCode(this, 'Code');
    this.files = new RunFiles(this, 'Files', pipeline.texts);
    new DataJobs(this, 'Jobs', {
      plan: pipeline.plan,
      bucketName: lake.bucketName,
      key: lake.key,
      code: this.code,
      files: this.files,
    });
  }
}
