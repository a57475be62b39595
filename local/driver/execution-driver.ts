import { createHash, randomUUID } from 'node:crypto';
import type { Effect, Execution, ExecutionEvent, HistoryEffect, TaskEffect } from '../../lib/asl/execution.ts';
import { newExecution } from '../../lib/asl/execution.ts';
import type { HashAlgorithm } from '../../lib/asl/hash.ts';
import { createInterpreter, type Interpreter } from '../../lib/asl/interpreter.ts';
import type { StateMachine } from '../../lib/asl/state-machine.ts';
import type { RunHost } from '../host.ts';
import { abortRecord, closeVisits, type RunRecord, type RunStore } from '../state/run-store.ts';
import { EventQueue } from './event-queue.ts';
import type { TaskCall } from './task-outcome.ts';
import { Visits } from './visits.ts';

export interface DriverOptions {
  readonly machine: StateMachine;
  readonly stateMachine: { readonly arn: string; readonly name: string; readonly roleArn: string };
  readonly perform: (task: TaskEffect) => TaskCall;
  readonly runs: RunStore;
  readonly host: RunHost;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type EventBody = ExecutionEvent extends infer Event
  ? Event extends ExecutionEvent
    ? Omit<Event, 'timestamp' | 'seed'>
    : never
  : never;

type WaitEffect = Extract<Effect, { readonly kind: 'wait' }>;

/** Seconds: a pause before a retry gives AWS time to recover, and nothing on this machine needs that long. */
const LONGEST_RETRY_PAUSE = 2;

const pauseOf = ({ seconds, reason }: WaitEffect): number =>
  reason === 'retry' ? Math.min(seconds, LONGEST_RETRY_PAUSE) : seconds;

/**
 * Drives one execution: hands events to the interpreter one at a time, performs what it asks for, and keeps the run's
 * record and history on disk as it goes on.
 */
export class ExecutionDriver {
  readonly #options: DriverOptions;
  readonly #interpreter: Interpreter;
  readonly #events = new EventQueue<EventBody>();
  readonly #calls = new Map<string, TaskCall>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #visits: Visits;
  #record: RunRecord;

  constructor(options: DriverOptions, record: RunRecord) {
    this.#options = options;
    this.#record = record;
    this.#visits = new Visits(record.execution);
    this.#interpreter = createInterpreter(options.machine, { hash });
  }

  /** Runs to the end; the signal aborts, as StopExecution would. Returns the final record. */
  async run(signal: AbortSignal): Promise<RunRecord> {
    const onAbort = (): void => this.#events.push({ kind: 'aborted', error: 'Aborted', cause: 'stopped by the user' });
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    try {
      return await this.#drive();
    } finally {
      signal.removeEventListener('abort', onAbort);
      await this.#stopEverything();
    }
  }

  async #drive(): Promise<RunRecord> {
    const { arn, name, roleArn } = this.#options.stateMachine;
    let execution: Execution = newExecution({
      id: this.#record.arn,
      name: this.#record.execution,
      roleArn,
      stateMachine: { id: arn, name },
      input: this.#record.input,
    });
    this.#events.pushFirst({ kind: 'started' });
    while (execution.status === 'NEW' || execution.status === 'RUNNING') {
      const body = await this.#events.next();
      const step = await this.#interpreter.transition(execution, { ...body, ...this.#source() });
      execution = step.execution;
      await this.#perform(step.effects);
      await this.#save(execution);
    }
    return this.#record;
  }

  #source(): { readonly timestamp: string; readonly seed: string } {
    return { timestamp: new Date(this.#options.now()).toISOString(), seed: randomUUID() };
  }

  async #perform(effects: readonly Effect[]): Promise<void> {
    const retry = effects.find((effect) => effect.kind === 'wait' && effect.reason === 'retry');
    const retryInSeconds = retry?.kind === 'wait' ? pauseOf(retry) : null;
    for (const effect of effects) {
      if (effect.kind === 'history') await this.#tell(effect, retryInSeconds);
      else if (effect.kind === 'task') this.#call(effect);
      else if (effect.kind === 'wait') this.#wait(effect);
      else this.#cancel(effect.id);
    }
  }

  async #tell(event: HistoryEffect, retryInSeconds: number | null): Promise<void> {
    const { kind: _kind, ...line } = event;
    await this.#options.runs.appendEvent(this.#record.execution, line);
    for (const message of this.#visits.record(event, retryInSeconds)) this.#options.host.notify(message);
  }

  #call(task: TaskEffect): void {
    const call = this.#options.perform(task);
    this.#calls.set(task.id, call);
    call.outcome.then(
      (outcome) => {
        this.#calls.delete(task.id);
        if (outcome.kind === 'succeeded')
          this.#events.push({ kind: 'taskSucceeded', id: task.id, output: outcome.output });
        else this.#events.push({ kind: 'taskFailed', id: task.id, error: outcome.error, cause: outcome.cause });
      },
      (error: unknown) => this.#events.fail(error),
    );
  }

  #wait(wait: WaitEffect): void {
    const { id } = wait;
    // Longer than a timer can be (24 days) is longer than any run.
    const milliseconds = Math.min(pauseOf(wait) * 1000, 2 ** 31 - 1);
    this.#timers.set(
      id,
      setTimeout(() => this.#events.push({ kind: 'waitElapsed', id }), milliseconds),
    );
  }

  #cancel(id: string): void {
    this.#calls.get(id)?.cancel();
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  async #save(execution: Execution): Promise<void> {
    const record: RunRecord = { ...this.#record, startTime: execution.startTime, states: this.#visits.all };
    this.#record = withEnd(record, execution);
    await this.#options.runs.save(this.#record);
  }

  /** An ended execution does not mean ended jobs: what still runs is stopped and waited for. */
  async #stopEverything(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    const calls = [...this.#calls.values()];
    for (const call of calls) call.cancel();
    await Promise.allSettled(calls.map(({ outcome }) => outcome));
  }
}

/** The record with how the execution ended, if it has. */
function withEnd(
  record: RunRecord,
  { status, output, failure, startTime, stopTime = startTime }: Execution,
): RunRecord {
  switch (status) {
    case 'SUCCEEDED':
      return { ...record, status, stopTime, output: output ?? null };
    case 'FAILED':
      return {
        ...closeVisits(record),
        status,
        stopTime,
        error: failure?.error ?? null,
        cause: failure?.cause ?? null,
        reason: record.states.findLast(({ reason }) => reason !== null)?.reason ?? failure?.cause ?? null,
      };
    case 'ABORTED':
      return abortRecord(record, stopTime, failure?.cause ?? '');
    default:
      return record;
  }
}

const ALGORITHMS: Readonly<Record<HashAlgorithm, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

const hash = (text: string, algorithm: HashAlgorithm): string =>
  createHash(ALGORITHMS[algorithm]).update(text).digest('hex');
