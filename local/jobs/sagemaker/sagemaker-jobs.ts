import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  isObject,
  type JsonObject,
  type JsonValue,
  listAt,
  numberAt,
  objectAt,
  textAt,
} from '../../cloudformation/template.ts';
import { ServiceError } from '../../endpoint/service-error.ts';
import { JsonFolder } from '../../state/json-file.ts';
import type { CoreShare } from '../core-slots.ts';
import { denialOfPlaces } from '../job-places.ts';
import type { ProcessEnd } from '../job-process.ts';
import { type JobShell, wireTime } from '../job-shell.ts';
import type { SageMakerJobKind } from './job-kind.ts';

/** A job as its describe call shows it, beside its tags. */
export interface SageMakerJobRecord {
  readonly description: JsonObject;
  readonly tags: readonly JsonValue[];
}

interface LiveJob {
  readonly ended: Promise<JsonObject>;
  readonly stop: () => void;
}

/** How a container's life ended, or why it never began. */
interface Outcome {
  readonly status: 'Completed' | 'Failed' | 'Stopped';
  readonly secondary: string;
  readonly reason?: string;
  readonly seconds: number;
}

/** Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StopTrainingJob.html (2026-11-20). */
const STOP_GRACE_SECONDS = 120;

const FREE_CORES: CoreShare = { cores: 1, release: () => undefined };

/** Runs SageMaker jobs of one kind as Python processes, and remembers every job as SageMaker would. */
export class SageMakerJobs {
  readonly kind: SageMakerJobKind;
  readonly #shell: JobShell;
  readonly #records: JsonFolder<SageMakerJobRecord>;
  readonly #live = new Map<string, LiveJob>();

  constructor(shell: JobShell, kind: SageMakerJobKind) {
    this.#shell = shell;
    this.kind = kind;
    this.#records = new JsonFolder(join(shell.state.jobs, kind.arnType), readRecord);
  }

  nameOf(description: JsonObject): string {
    return textAt(description, `${this.kind.noun}Name`) ?? '';
  }

  statusOf(description: JsonObject): string {
    return textAt(description, `${this.kind.noun}Status`) ?? '';
  }

  /** Marks jobs whose process died with an earlier shell as stopped: nothing runs for them any more. */
  async settleLostJobs(): Promise<void> {
    for (const record of await this.#records.list()) {
      if (['InProgress', 'Stopping'].includes(this.statusOf(record.description))) {
        await this.#change(record, { [`${this.kind.noun}Status`]: 'Stopped', FailureReason: 'the local shell ended' });
        await rm(join(this.#shell.state.sagemaker, this.nameOf(record.description)), { recursive: true, force: true });
      }
    }
  }

  /** Starts a job; it goes on after this returns. @throws ServiceError */
  async create(parameters: JsonObject): Promise<JsonObject> {
    const { Tags: _tags, ...described } = parameters;
    const unknown = Object.keys(described).find((name) => !this.kind.parameters.includes(name));
    if (unknown !== undefined) throw ServiceError.notImplemented(`Create${this.kind.noun} with ${unknown}`);
    const name = this.nameOf(parameters);
    if (!/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(name)) throw ServiceError.validation(`${name} is no job name`);
    if ((await this.#records.get(name)) !== undefined) {
      throw new ServiceError('ResourceInUse', 400, `${this.kind.noun} ${name} already exists`);
    }
    const record = { description: this.#describe(described, name), tags: listAt(parameters, 'Tags') };
    this.kind.placesOf(record.description);
    await this.#records.put(name, record);
    this.#live.set(name, this.#launch(record));
    return record.description;
  }

  #describe(parameters: JsonObject, name: string): JsonObject {
    const now = wireTime(this.#shell.now());
    const { region, account } = this.#shell;
    return {
      ...parameters,
      [`${this.kind.noun}Arn`]: `arn:aws:sagemaker:${region}:${account}:${this.kind.arnType}/${name}`,
      [`${this.kind.noun}Status`]: 'InProgress',
      CreationTime: now,
      LastModifiedTime: now,
    };
  }

  #launch(record: SageMakerJobRecord): LiveJob {
    const stopping = new AbortController();
    const ended = this.#run(record, stopping.signal);
    return { ended, stop: () => stopping.abort() };
  }

  async #run(record: SageMakerJobRecord, stopped: AbortSignal): Promise<JsonObject> {
    const name = this.nameOf(record.description);
    const share = this.kind.takesCore ? await this.#shell.cores.acquire() : FREE_CORES;
    const startedAt = this.#shell.now();
    const base = join(this.#shell.state.sagemaker, name);
    try {
      const outcome = await this.#perform(record, { base, stopped, share });
      return await this.#finish(record, { base, outcome, startedAt });
    } finally {
      share.release();
      this.#live.delete(name);
    }
  }

  async #perform(
    record: SageMakerJobRecord,
    { base, stopped, share }: { readonly base: string; readonly stopped: AbortSignal; readonly share: CoreShare },
  ): Promise<Outcome> {
    const { description } = record;
    const denial = denialOfPlaces(this.#shell, textAt(description, 'RoleArn') ?? '', this.kind.placesOf(description));
    if (denial !== undefined) return failed(`AccessDenied: ${denial}`);
    if (stopped.aborted) return { status: 'Stopped', secondary: 'Stopped', seconds: 0 };
    try {
      await rm(base, { recursive: true, force: true });
      await mkdir(base, { recursive: true });
      return await this.#runContainer(record, { base, stopped, cores: share.cores });
    } catch (error) {
      if (error instanceof ServiceError) return failed(error.message);
      return failed(`InternalServerError: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #runContainer(
    record: SageMakerJobRecord,
    { base, stopped, cores }: { readonly base: string; readonly stopped: AbortSignal; readonly cores: number },
  ): Promise<Outcome> {
    const { description } = record;
    const container = await this.kind.prepare(this.#shell, description, base);
    const [program, ...args] = container.command;
    const job = this.nameOf(description);
    const execution = executionOf(record);
    const logFile = this.#shell.state.executionOf(execution).jobLog(job);
    const process = await this.#shell.processes.start({
      program,
      args,
      directory: base,
      environment: {
        ...this.#shell.machineEnvironment,
        ...container.environment,
        SAGEMAKER_BASE_DIR: base,
        SM_NUM_CPUS: String(cores),
        AWS_REGION: this.#shell.region,
      },
      logFile,
      onLine: (line) => this.#shell.notify({ kind: 'job-progress', job, execution, line }),
    });
    this.#shell.notify({ kind: 'job-started', job, execution, log: logFile });
    const over = new AbortController();
    const accompanied = container.accompany(over.signal);
    let cut: string | undefined;
    const stop = (reason: string): void => {
      cut ??= reason;
      void process.stop(STOP_GRACE_SECONDS);
    };
    const onStop = (): void => stop('Stopped');
    stopped.addEventListener('abort', onStop);
    // It may have been stopped while the container was prepared: that event is gone.
    if (stopped.aborted) onStop();
    const timer = setTimeout(() => stop('MaxRuntimeExceeded'), runtimeLimit(description) * 1000);
    try {
      const end = await process.ended;
      return await this.#outcomeOf(end, cut, base);
    } finally {
      clearTimeout(timer);
      stopped.removeEventListener('abort', onStop);
      over.abort();
      await accompanied;
    }
  }

  async #outcomeOf(end: ProcessEnd, cut: string | undefined, base: string): Promise<Outcome> {
    if (cut !== undefined) return { status: 'Stopped', secondary: cut, seconds: end.seconds };
    if (end.exitCode === 0) return { status: 'Completed', secondary: 'Completed', seconds: end.seconds };
    const said = await readFile(join(base, this.kind.failureFile), 'utf8').catch(() => end.lastErrors.join('\n'));
    const how = end.signal === null ? `exit code: ${end.exitCode}` : `signal: ${end.signal}`;
    return { ...failed(`AlgorithmError: ${said.trim().slice(0, 900)}, ${how}`), seconds: end.seconds };
  }

  async #finish(
    record: SageMakerJobRecord,
    { base, outcome, startedAt }: { readonly base: string; readonly outcome: Outcome; readonly startedAt: number },
  ): Promise<JsonObject> {
    const hasRun = outcome.seconds > 0;
    const isCompleted = outcome.status === 'Completed';
    const left = { base, isCompleted, seconds: outcome.seconds };
    const collected = hasRun ? await this.kind.collect(this.#shell, record.description, left) : {};
    const { description } = await this.#change(record, {
      ...collected,
      [`${this.kind.noun}Status`]: outcome.status,
      SecondaryStatus: outcome.secondary,
      ...(hasRun
        ? { [this.kind.startField]: wireTime(startedAt), [this.kind.endField]: wireTime(this.#shell.now()) }
        : {}),
      ...(outcome.reason === undefined ? {} : { FailureReason: outcome.reason }),
    });
    if (isCompleted) await rm(base, { recursive: true, force: true });
    const job = this.nameOf(description);
    this.#shell.notify({ kind: 'job-ended', job, execution: executionOf(record), status: outcome.status });
    return description;
  }

  async #change(record: SageMakerJobRecord, fields: JsonObject): Promise<SageMakerJobRecord> {
    const description = { ...record.description, ...fields, LastModifiedTime: wireTime(this.#shell.now()) };
    const changed = { ...record, description };
    await this.#records.put(this.nameOf(description), changed);
    return changed;
  }

  /** The finished job's description. */
  async ended(name: string): Promise<JsonObject> {
    return this.#live.get(name)?.ended ?? (await this.get(name)).description;
  }

  /** @throws ServiceError ValidationException, which is how SageMaker says that there is none */
  async get(name: string): Promise<SageMakerJobRecord> {
    const record = /^[a-zA-Z0-9-]{1,63}$/.test(name) ? await this.#records.get(name) : undefined;
    if (record === undefined) throw ServiceError.validation('Requested resource not found.');
    return record;
  }

  /** Newest first. */
  async list(): Promise<readonly SageMakerJobRecord[]> {
    const created = ({ description }: SageMakerJobRecord): number => numberAt(description, 'CreationTime') ?? 0;
    return (await this.#records.list()).toSorted((a, b) => created(b) - created(a));
  }

  /** Asks a job to end; one that has ended stays as it is. */
  async stop(name: string): Promise<void> {
    await this.get(name);
    this.#live.get(name)?.stop();
  }

  /** Stops every job and waits for their ends. */
  async stopAll(): Promise<void> {
    const live = [...this.#live.values()];
    for (const job of live) job.stop();
    await Promise.allSettled(live.map(({ ended }) => ended));
  }
}

const failed = (reason: string): Outcome => ({ status: 'Failed', secondary: 'Failed', reason, seconds: 0 });

function runtimeLimit(description: JsonObject): number {
  const day = 86_400;
  return Math.min(numberAt(objectAt(description, 'StoppingCondition'), 'MaxRuntimeInSeconds') ?? day, 24 * day);
}

/** The execution that a job belongs to, by its tag. */
function executionOf({ tags }: SageMakerJobRecord): string {
  const tag = tags.filter(isObject).find((candidate) => textAt(candidate, 'Key') === 'Execution');
  return textAt(tag, 'Value') ?? 'unnamed';
}

function readRecord(value: unknown): SageMakerJobRecord {
  if (!isObject(value)) throw new TypeError('a job’s record is a JSON object');
  return { description: objectAt(value, 'description'), tags: listAt(value, 'tags') };
}
