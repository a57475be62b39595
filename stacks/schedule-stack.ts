import { Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { pinFeatureFlags } from '../lib/constructs/feature-flags.ts';
import type { PlannedPipeline } from '../lib/constructs/planned-pipeline.ts';
import { RetrainSchedule, type RetrainScheduleProps } from '../lib/constructs/retrain-schedule.ts';
import type { JobsStack } from './jobs-stack.ts';
import type { StorageStack } from './storage-stack.ts';
import type { TrainingStack } from './training-stack.ts';

export interface ScheduleStackProps extends StackProps {
  readonly pipeline: PlannedPipeline;
  readonly storage: StorageStack;
  readonly jobs: JobsStack;
  readonly training: TrainingStack;
  readonly revision: RetrainScheduleProps['revision'];
}

/** The schedule and its starter: deploy it last, destroy it to pause retraining. */
export class ScheduleStack extends Stack {
  constructor(scope: Construct, id: string, props: ScheduleStackProps) {
    const { pipeline, storage, jobs, training, revision, ...stackProps } = props;
    super(scope, id, stackProps);
    pinFeatureFlags(this);
    new RetrainSchedule(this, 'Schedule', {
      plan: pipeline.plan,
      bucketName: storage.lake.bucketName,
      key: storage.lake.key,
      files: jobs.files,
      revision,
    });
    this.addStackDependency(training, 'the state machine is named, not referred to');
  }
}
