import {
  DescribeProcessingJobCommand,
  type DescribeProcessingJobCommandOutput,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobCommandOutput,
  paginateListProcessingJobs,
  paginateListTrainingJobs,
  SageMakerClient,
  SageMakerServiceException,
  StopProcessingJobCommand,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { must } from '../lib/errors/fault.ts';
import { jobNameStem, readJobName } from '../lib/runs/job-names.ts';
import type { SageMakerJobRecord } from '../lib/runs/job-record.ts';
import { defaultProvider } from './environment-credentials.ts';
import { inParallel } from './parallel.ts';

const sagemaker = new SageMakerClient({ credentials: defaultProvider() });
const PARALLEL_CALLS = 8;

/** Every training and processing job of the execution, all tries, found by name. */
export async function findSageMakerJobs(pipeline: string, execution: string): Promise<readonly SageMakerJobRecord[]> {
  const stem = jobNameStem(pipeline, execution);
  const [trials, evaluations] = await Promise.all([
    trainingJobNames(stem, execution).then((names) => inParallel(names, PARALLEL_CALLS, describeTrial)),
    processingJobNames(stem, execution).then((names) => inParallel(names, PARALLEL_CALLS, describeEvaluation)),
  ]);
  return [...trials, ...evaluations];
}

/** Asks SageMaker to stop the jobs; one that has ended meanwhile is no error. */
export async function stopSageMakerJobs(jobs: readonly SageMakerJobRecord[]): Promise<void> {
  await inParallel(jobs, PARALLEL_CALLS, async ({ kind, id }) => {
    try {
      if (kind === 'trial') await sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: id }));
      else await sagemaker.send(new StopProcessingJobCommand({ ProcessingJobName: id }));
    } catch (error) {
      if (!hasEnded(error)) throw error;
    }
  });
}

/** SageMaker refuses to stop what is not in progress as a validation error. */
function hasEnded(error: unknown): boolean {
  return error instanceof SageMakerServiceException && error.name === 'ValidationException';
}

async function trainingJobNames(stem: string, execution: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const page of paginateListTrainingJobs({ client: sagemaker }, { NameContains: execution })) {
    names.push(...(page.TrainingJobSummaries ?? []).map((job) => must(job.TrainingJobName, 'a job name')));
  }
  return names.filter((name) => readJobName(name, stem) === 'trial');
}

async function processingJobNames(stem: string, execution: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const page of paginateListProcessingJobs({ client: sagemaker }, { NameContains: execution })) {
    names.push(...(page.ProcessingJobSummaries ?? []).map((job) => must(job.ProcessingJobName, 'a job name')));
  }
  return names.filter((name) => readJobName(name, stem) === 'evaluation');
}

async function describeTrial(name: string): Promise<SageMakerJobRecord> {
  const job = await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
  const ran = trainingSeconds(job);
  return {
    kind: 'trial',
    id: name,
    status: must(job.TrainingJobStatus, `the status of ${name}`),
    ...clusterOf(job.ResourceConfig, name),
    billedSeconds: job.BillableTimeInSeconds ?? ran,
    volumeSeconds: ran,
  };
}

/** Until the end of the job or of what is known of it; a job that never started used nothing. */
function trainingSeconds(job: DescribeTrainingJobCommandOutput): number {
  return job.TrainingTimeInSeconds ?? secondsBetween(job.TrainingStartTime, job.TrainingEndTime);
}

async function describeEvaluation(name: string): Promise<SageMakerJobRecord> {
  const job: DescribeProcessingJobCommandOutput = await sagemaker.send(
    new DescribeProcessingJobCommand({ ProcessingJobName: name }),
  );
  const ran = secondsBetween(job.ProcessingStartTime, job.ProcessingEndTime);
  return {
    kind: 'evaluation',
    id: name,
    status: must(job.ProcessingJobStatus, `the status of ${name}`),
    ...clusterOf(job.ProcessingResources?.ClusterConfig, name),
    billedSeconds: ran,
    volumeSeconds: ran,
  };
}

interface Cluster {
  readonly InstanceType?: string | undefined;
  readonly InstanceCount?: number | undefined;
  readonly VolumeSizeInGB?: number | undefined;
}

function clusterOf(cluster: Cluster | undefined, name: string) {
  return {
    instance: must(cluster?.InstanceType, `the instance type of ${name}`),
    count: must(cluster?.InstanceCount, `the instance count of ${name}`),
    volumeGb: cluster?.VolumeSizeInGB ?? 0,
  };
}

const secondsBetween = (start: Date | undefined, end: Date | undefined): number =>
  start === undefined || end === undefined ? 0 : Math.max(0, Math.ceil((end.getTime() - start.getTime()) / 1_000));
