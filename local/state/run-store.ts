import { appendFile, mkdir } from 'node:fs/promises';
import type { JsonValue } from '../../lib/asl/json.ts';
import { isObject } from '../cloudformation/template.ts';
import { listFolder, readJsonFile, writeJsonFile } from './json-file.ts';
import type { StateDirectory } from './state-directory.ts';

export type RunStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';

/** One visit of a state. */
export interface StateVisit {
  readonly state: string;
  /** Places in the Maps around it, outermost first; empty outside of any. */
  readonly path: readonly number[];
  readonly type: string;
  /** ISO 8601 UTC. */
  readonly enteredTime: string;
  /** Null where it was not left: it failed, was aborted, or is still underway. */
  readonly exitedTime: string | null;
  readonly status: 'running' | 'succeeded' | 'failed' | 'aborted';
  readonly retries: number;
  readonly error: string | null;
  /** What went wrong, for people; null where nothing did, or where a retry put it right. */
  readonly reason: string | null;
}

/** `runs/<execution>/execution.json`: what is known of a run, rewritten as it goes on. */
export interface RunRecord {
  readonly version: 1;
  readonly execution: string;
  readonly arn: string;
  readonly slot: string;
  readonly attempt: number;
  readonly engine: string;
  readonly pipeline: string;
  readonly status: RunStatus;
  /** ISO 8601 UTC. */
  readonly startTime: string;
  readonly stopTime: string | null;
  readonly input: JsonValue;
  readonly output: JsonValue;
  readonly error: string | null;
  readonly cause: string | null;
  /** What went wrong, for people: the reason of the state that failed last; null unless the run failed. */
  readonly reason: string | null;
  readonly states: readonly StateVisit[];
}

/** The runs of a state directory; a run is a folder. */
export class RunStore {
  readonly #state: StateDirectory;

  constructor(state: StateDirectory) {
    this.#state = state;
  }

  async find(execution: string): Promise<RunRecord | undefined> {
    if (!/^[\w-]+$/.test(execution)) return undefined;
    const value = await readJsonFile(this.#state.executionOf(execution).record);
    return value === undefined ? undefined : readRecord(value, execution);
  }

  /** Newest first. */
  async list(): Promise<readonly RunRecord[]> {
    const names = await listFolder(this.#state.runs);
    const records = await Promise.all(names.map((name) => this.find(name)));
    return records.filter((record) => record !== undefined).toSorted((a, b) => (a.startTime < b.startTime ? 1 : -1));
  }

  async save(record: RunRecord): Promise<void> {
    await writeJsonFile(this.#state.executionOf(record.execution).record, record);
  }

  /** Adds a line to the execution's history. */
  async appendEvent(execution: string, event: object): Promise<void> {
    const { root, events } = this.#state.executionOf(execution);
    await mkdir(root, { recursive: true });
    await appendFile(events, `${JSON.stringify(event)}\n`);
  }

  /** Ends what an earlier shell left running when it was killed. Returns those runs. */
  async settleLostRuns(stopTime: string): Promise<readonly RunRecord[]> {
    const lost = (await this.list()).filter(({ status }) => status === 'RUNNING');
    const ended = lost.map((record) => abortRecord(record, stopTime, 'the local shell was killed'));
    for (const record of ended) await this.save(record);
    return ended;
  }
}

/** The record of a run that was stopped. */
export function abortRecord(record: RunRecord, stopTime: string, cause: string): RunRecord {
  return { ...closeVisits(record), status: 'ABORTED', stopTime, cause };
}

/** The record with every open visit ended: where its state failed as failed, elsewhere as aborted. */
export function closeVisits(record: RunRecord): RunRecord {
  const states = record.states.map((visit): StateVisit => {
    if (visit.status !== 'running') return visit;
    return { ...visit, status: visit.error === null ? 'aborted' : 'failed' };
  });
  return { ...record, states };
}

function readRecord(value: unknown, execution: string): RunRecord {
  if (!isObject(value) || value['version'] !== 1 || value['execution'] !== execution) {
    throw new TypeError(`the record of run ${execution} is not one that this version wrote`);
  }
  // Written by `save` alone; the version says so.
  return value as unknown as RunRecord;
}
