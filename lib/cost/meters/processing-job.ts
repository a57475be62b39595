import { boundClusters, readProcessingClusters } from './instances.ts';
import { readLimit } from './limit.ts';
import type { Meter } from './meter.ts';
import { STOP_SECONDS } from './sagemaker-rates.ts';
import { settingIn, unknownOptions } from './setting.ts';

/** What CreateProcessingJob takes. Source: SageMaker API (2026-11-20). */
const PROCESSING_OPTIONS = new Set([
  'ProcessingInputs',
  'ProcessingOutputConfig',
  'ProcessingJobName',
  'ProcessingResources',
  'StoppingCondition',
  'AppSpecification',
  'Environment',
  'NetworkConfig',
  'RoleArn',
  'Tags',
  'ExperimentConfig',
]);

/** Nine days. Source: SageMaker API, ProcessingStoppingCondition (2026-11-20). */
const MOST_SECONDS = 777_600;

/** The most that one processing job can cost; there is no spot for processing, and no documented default limit. */
export const boundProcessingJob: Meter = ({ arguments: job }, context) => {
  const limit = settingIn(settingIn(job, 'StoppingCondition'), 'MaxRuntimeInSeconds');
  const run = readLimit(limit, { expected: 'a literal number of seconds', most: MOST_SECONDS });
  const clusters = readProcessingClusters(settingIn(settingIn(job, 'ProcessingResources'), 'ClusterConfig'));
  const bound = boundClusters(clusters, { ...run, value: run.value + STOP_SECONDS }, context);
  const diagnostics = [...bound.diagnostics, ...run.diagnostics, ...unknownOptions(job, PROCESSING_OPTIONS)];
  return { node: bound.node, diagnostics };
};
