import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { DeployedGlueJob } from '../assembly/deployment.ts';
import { isObject, type JsonObject, numberAt, objectAt, textAt } from '../cloudformation/template.ts';
import { ServiceError } from '../endpoint/service-error.ts';
import { JsonFolder } from '../state/json-file.ts';
import { glueArguments, gluePlaces, glueProcess } from './glue-process.ts';
import { denialOfPlaces } from './job-places.ts';
import type { JobProcess, ProcessEnd } from './job-process.ts';
import { type JobShell, wireTime } from './job-shell.ts';

/** A job run as the Glue API describes it. */
export type GlueRun = JsonObject;

interface LiveRun {
  readonly ended: Promise<GlueRun>;
  readonly stop: () => void;
}

/** Seconds that a stopped run has to end by itself. */
const STOP_GRACE_SECONDS = 10;

/**
 * Runs Glue scripts as Python processes under their jobs' own limits, and remembers every run as Glue would.
 * Source: https://docs.aws.amazon.com/glue/latest/webapi/API_JobRun.html (2026-11-20).
 */
export class GlueRuns {
  readonly #shell: JobShell;
  readonly #jobs: ReadonlyMap<string, DeployedGlueJob>;
  readonly #records: JsonFolder<GlueRun>;
  readonly #live = new Map<string, LiveRun>();

  constructor(shell: JobShell, jobs: readonly DeployedGlueJob[]) {
    this.#shell = shell;
    this.#jobs = new Map(jobs.map((job) => [job.name, job]));
    this.#records = new JsonFolder(join(shell.state.jobs, 'glue'), readRun);
  }

  /** Marks runs whose process died with an earlier shell as stopped: nothing runs for them any more. */
  async settleLostRuns(): Promise<void> {
    for (const run of await this.#records.list()) {
      if (textAt(run, 'JobRunState') === 'RUNNING') await this.#save({ ...run, JobRunState: 'STOPPED' });
    }
  }

  /** Starts a run; it goes on after this returns. @throws ServiceError */
  async start(parameters: JsonObject): Promise<GlueRun> {
    const job = this.#jobs.get(textAt(parameters, 'JobName') ?? '');
    if (job === undefined)
      throw new ServiceError('EntityNotFoundException', 400, `no job is called ${String(parameters['JobName'])}`);
    refuseOverrides(parameters);
    const running = [...this.#live.keys()].filter((id) => id.startsWith(`${job.name}/`)).length;
    if (running >= job.concurrentRuns) {
      throw new ServiceError('ConcurrentRunsExceededException', 400, `Concurrent runs exceeded for ${job.name}`);
    }
    const run = this.#newRun(job, glueArguments(job, objectAt(parameters, 'Arguments')));
    await this.#save(run);
    this.#live.set(liveKey(run), await this.#launch(job, run));
    return run;
  }

  #newRun(job: DeployedGlueJob, args: Readonly<Record<string, string>>): GlueRun {
    const now = wireTime(this.#shell.now());
    return {
      Id: `jr_${randomBytes(32).toString('hex')}`,
      Attempt: 0,
      JobName: job.name,
      JobRunState: 'RUNNING',
      StartedOn: now,
      LastModifiedOn: now,
      Arguments: args,
      PredecessorRuns: [],
      ExecutionTime: 0,
      Timeout: job.timeoutMinutes,
      WorkerType: job.workerType,
      NumberOfWorkers: job.numberOfWorkers,
      GlueVersion: job.glueVersion,
      ExecutionClass: 'STANDARD',
      LogGroupName: '/aws-glue/jobs',
    };
  }

  async #launch(job: DeployedGlueJob, run: GlueRun): Promise<LiveRun> {
    const denial = denialOfPlaces(this.#shell, job.roleArn, gluePlaces(run));
    if (denial !== undefined) {
      const failed = this.#finish(run, { state: 'FAILED', seconds: 0, message: denial });
      return { ended: failed, stop: () => undefined };
    }
    const options = glueProcess(this.#shell, job, run);
    const process = await this.#shell.processes.start(options);
    const execution = textAt(objectAt(run, 'Arguments'), '--execution') ?? '';
    this.#shell.notify({ kind: 'job-started', job: job.name, execution, log: options.logFile });
    let outcome: 'STOPPED' | 'TIMEOUT' | undefined;
    const cut = (reason: 'STOPPED' | 'TIMEOUT'): void => {
      outcome ??= reason;
      void process.stop(STOP_GRACE_SECONDS);
    };
    const timer = setTimeout(() => cut('TIMEOUT'), job.timeoutMinutes * 60_000);
    const ended = this.#await(run, process, () => outcome).finally(() => clearTimeout(timer));
    return { ended, stop: () => cut('STOPPED') };
  }

  async #await(run: GlueRun, process: JobProcess, cut: () => 'STOPPED' | 'TIMEOUT' | undefined): Promise<GlueRun> {
    const end = await process.ended;
    const state = cut() ?? (end.exitCode === 0 ? 'SUCCEEDED' : 'FAILED');
    return this.#finish(run, { state, seconds: end.seconds, message: state === 'FAILED' ? errorOf(end) : undefined });
  }

  async #finish(
    run: GlueRun,
    end: { readonly state: string; readonly seconds: number; readonly message: string | undefined },
  ): Promise<GlueRun> {
    const now = wireTime(this.#shell.now());
    const finished = {
      ...run,
      JobRunState: end.state,
      CompletedOn: now,
      LastModifiedOn: now,
      ExecutionTime: Math.round(end.seconds),
      ...(end.message === undefined ? {} : { ErrorMessage: end.message }),
    };
    await this.#save(finished);
    this.#live.delete(liveKey(run));
    const execution = textAt(objectAt(run, 'Arguments'), '--execution') ?? '';
    this.#shell.notify({ kind: 'job-ended', job: textAt(run, 'JobName') ?? '', execution, status: end.state });
    return finished;
  }

  /** The finished run. */
  async ended(run: GlueRun): Promise<GlueRun> {
    return this.#live.get(liveKey(run))?.ended ?? this.get(textAt(run, 'JobName') ?? '', textAt(run, 'Id') ?? '');
  }

  /** @throws ServiceError EntityNotFoundException */
  async get(jobName: string, id: string): Promise<GlueRun> {
    const run = /^jr_[0-9a-f]+$/.test(id) ? await this.#records.get(id) : undefined;
    if (run !== undefined && textAt(run, 'JobName') === jobName) return run;
    throw new ServiceError('EntityNotFoundException', 400, `Job run ${id} of ${jobName} not found`);
  }

  /** Newest first. */
  async list(jobName: string): Promise<readonly GlueRun[]> {
    const runs = (await this.#records.list()).filter((run) => textAt(run, 'JobName') === jobName);
    return runs.toSorted((a, b) => (numberAt(b, 'StartedOn') ?? 0) - (numberAt(a, 'StartedOn') ?? 0));
  }

  /** Asks a run to end; one that has ended stays as it is. */
  async stop(jobName: string, id: string): Promise<void> {
    const run = await this.get(jobName, id);
    this.#live.get(liveKey(run))?.stop();
  }

  /** Stops every run and waits for their ends. */
  async stopAll(): Promise<void> {
    const live = [...this.#live.values()];
    for (const run of live) run.stop();
    await Promise.allSettled(live.map(({ ended }) => ended));
  }

  #save(run: GlueRun): Promise<void> {
    return this.#records.put(textAt(run, 'Id') ?? '', run);
  }
}

const liveKey = (run: GlueRun): string => `${textAt(run, 'JobName')}/${textAt(run, 'Id')}`;

function readRun(value: unknown): GlueRun {
  if (!isObject(value)) throw new TypeError('a job run’s record is a JSON object');
  return value;
}

/** What costs money is set by the job alone. */
function refuseOverrides(parameters: JsonObject): void {
  const unknown = Object.keys(parameters).find((name) => name !== 'JobName' && name !== 'Arguments');
  if (unknown !== undefined) throw ServiceError.notImplemented(`StartJobRun with ${unknown}`);
}

/** The job's own sentence where it said one, else how the process ended. */
function errorOf({ lastErrors, exitCode, signal }: ProcessEnd): string {
  const own = lastErrors.findLast((line) => line.startsWith('ERROR ')) ?? lastErrors.at(-1);
  const end = signal === null ? `exit code ${exitCode}` : `signal ${signal}`;
  return own === undefined ? `the script ended with ${end}` : `${own} (${end})`;
}
