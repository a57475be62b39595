import { BatchStopJobRunCommand, GlueClient, type JobRun, paginateGetJobRuns } from '@aws-sdk/client-glue';
import { must } from '../lib/errors/fault.ts';
import type { GlueRunRecord } from '../lib/runs/job-record.ts';
import { defaultProvider } from './environment-credentials.ts';

const glue = new GlueClient({ credentials: defaultProvider() });

/** Every run of a Glue job that the execution started, known by its argument `--execution`. */
export async function findGlueRuns(
  kind: GlueRunRecord['kind'],
  jobName: string,
  execution: string,
): Promise<readonly GlueRunRecord[]> {
  const runs: GlueRunRecord[] = [];
  for await (const page of paginateGetJobRuns({ client: glue }, { JobName: jobName })) {
    const own = (page.JobRuns ?? []).filter(({ Arguments }) => Arguments?.['--execution'] === execution);
    runs.push(...own.map((run) => recordOf(kind, run)));
  }
  return runs;
}

function recordOf(kind: GlueRunRecord['kind'], run: JobRun): GlueRunRecord {
  const id = must(run.Id, 'the id of a job run');
  return {
    kind,
    id,
    status: must(run.JobRunState, `the state of job run ${id}`),
    glueVersion: must(run.GlueVersion, `the Glue version of job run ${id}`),
    workerType: must(run.WorkerType, `the worker type of job run ${id}`),
    workers: must(run.NumberOfWorkers, `the number of workers of job run ${id}`),
    executionSeconds: run.ExecutionTime ?? 0,
    dpuSeconds: run.DPUSeconds ?? null,
  };
}

/** Asks Glue to stop the runs; one that has ended meanwhile is no error. */
export async function stopGlueRuns(jobName: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await glue.send(new BatchStopJobRunCommand({ JobName: jobName, JobRunIds: [...ids] }));
}
