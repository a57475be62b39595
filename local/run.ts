import { availableParallelism } from 'node:os';
import { readStateMachine } from '../lib/asl/reader.ts';
import type { StateMachine } from '../lib/asl/state-machine.ts';
import { type Engine, executionName, parseExecutionName, type RunInput } from '../lib/contracts/run-input.ts';
import { Fault } from '../lib/errors/fault.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { isWithinBound } from '../lib/runs/receipt.ts';
import { type Deployment, readDeployment } from './assembly/deployment.ts';
import { readAssembly } from './assembly/read-assembly.ts';
import { isObject } from './cloudformation/template.ts';
import { diskFullError, isDiskFull } from './disk-full.ts';
import { ExecutionDriver } from './driver/execution-driver.ts';
import { performTask } from './driver/integrations.ts';
import { refuseUnknownTasks } from './driver/tasks-of-machine.ts';
import type { RunHost } from './host.ts';
import { type LocalCloud, startLocalCloud } from './local-cloud.ts';
import { type PipelineFacts, readPipelineFacts } from './pipeline-facts.ts';
import { ensurePythonEnvironment } from './python-environment.ts';
import { resolveSlots, type SlotRequest } from './requested-slots.ts';
import { deliverRunEnded } from './rules.ts';
import { readRunReport } from './run-report.ts';
import { sourceRevision } from './source-revision.ts';
import { lockStateDirectory } from './state/lock.ts';
import type { RunRecord } from './state/run-store.ts';
import { type StateDirectory, stateDirectory } from './state/state-directory.ts';
import { synthesize } from './synthesis.ts';

export interface RunOptions {
  /** The project's folder, where cdk.json lies and `.hundredfold/` is kept: absolute. */
  readonly directory: string;
  readonly slots: SlotRequest;
  readonly engine: Engine;
  /** Training processes at once, at most; default: the machine's cores. */
  readonly cores?: number;
  /** Aborts the run, stops its jobs, and leaves the state directory in order. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What became of the runs, in order of their slots; a backfill ends with the first that registers no model. */
export interface RunOutcome {
  readonly runs: readonly RunRecord[];
  /** Slots of the backfill that were left out because of that, ascending. */
  readonly notRun: readonly string[];
}

/**
 * Runs the project's synthesized state machine here, once a slot.
 *
 * @throws UserError what the user can put right before a run starts, and `disk-full` at any time
 */
export async function runPipeline(options: RunOptions, host: RunHost): Promise<RunOutcome> {
  const state = stateDirectory(options.directory);
  try {
    const lock = await lockStateDirectory(state.lock);
    try {
      return await runLocked(options, state, host);
    } finally {
      await lock.release();
    }
  } catch (error) {
    throw isDiskFull(error) ? diskFullError(state.root, error) : error;
  }
}

async function runLocked(options: RunOptions, state: StateDirectory, host: RunHost): Promise<RunOutcome> {
  const { directory, engine, signal, now } = options;
  const [python, revision] = await Promise.all([
    ensurePythonEnvironment({
      root: directory,
      name: engine === 'spark' ? 'spark' : 'run',
      notify: (line) => host.notify({ kind: 'environment-progress', line }),
    }),
    sourceRevision(directory),
    synthesize(directory, state, host, signal),
  ]);
  const deployment = readDeployment(await readAssembly(state.assembly));
  const machine = readMachine(deployment);
  const facts = await readPipelineFacts(deployment);
  const cores = options.cores ?? availableParallelism();
  const cloud = await startLocalCloud({
    deployment,
    machine,
    state,
    python,
    cores,
    now,
    notify: (notice) => host.notify(notice),
  });
  const session: Session = { options, state, deployment, machine, facts, cloud, host };
  try {
    const slots = await resolveSlots(options.slots, facts, cloud.services.objects);
    await endLostRuns(session);
    const runs = await runSlots(session, slots, revision);
    return { runs, notRun: slots.slice(runs.length) };
  } finally {
    await cloud.close();
  }
}

interface Session {
  readonly options: RunOptions;
  readonly state: StateDirectory;
  readonly deployment: Deployment;
  readonly machine: StateMachine;
  readonly facts: PipelineFacts;
  readonly cloud: LocalCloud;
  readonly host: RunHost;
}

/** @throws UserError invalid-input: everything in the machine that cannot be run here */
export function readMachine({ stateMachine }: Deployment): StateMachine {
  const { value, diagnostics } = readStateMachine(stateMachine.definition);
  const problems = [...diagnostics, ...(value === undefined ? [] : refuseUnknownTasks(value))];
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (value === undefined || errors.length > 0) throw UserError.fromDiagnostics('the state machine', errors);
  return value;
}

/**
 * A shell that was killed could not say that its run had ended: that is made up for now.
 * @throws Fault where such a run was billed more than its bound, which is proven
 */
async function endLostRuns({ cloud, deployment, host, options }: Session): Promise<void> {
  for (const record of await cloud.runs.settleLostRuns(new Date(options.now()).toISOString())) {
    host.notify({ kind: 'lost-run-ended', execution: record.execution });
    await deliverRunEnded(deployment, cloud.services.functions, record);
    const { receipt } = await readRunReport(options.directory, record);
    if (receipt !== null && !isWithinBound(receipt)) {
      throw new Fault(`run ${record.execution} was billed $${receipt.billedUsd} of at most $${receipt.boundUsd}`);
    }
  }
}

async function runSlots(
  session: Session,
  slots: readonly string[],
  revision: RunInput['revision'],
): Promise<readonly RunRecord[]> {
  const records: RunRecord[] = [];
  for (const slot of slots) {
    const attempt = await nextAttempt(session, slot);
    const record = await runOnce(session, { version: 1, slot, attempt, engine: session.options.engine, revision });
    records.push(record);
    if (!isRegistered(record)) break;
  }
  return records;
}

/** A slot that was refused or failed would be again in the next one, which reads the same days. */
const isRegistered = ({ status, output }: RunRecord): boolean =>
  status === 'SUCCEEDED' && isObject(output) && output['outcome'] === 'registered';

/** One more than the slot's last, whatever became of it. */
async function nextAttempt({ cloud }: Session, slot: string): Promise<number> {
  const attempts = (await cloud.runs.list()).flatMap(({ execution }) => {
    const parsed = parseExecutionName(execution);
    return parsed?.slot === slot ? [parsed.attempt] : [];
  });
  return attempts.length === 0 ? 0 : Math.max(...attempts) + 1;
}

async function runOnce(session: Session, input: RunInput): Promise<RunRecord> {
  const { cloud, deployment, host, machine, options } = session;
  const record = newRecord(session, input);
  const { execution, slot, attempt, engine, pipeline } = record;
  const { boundUsd } = session.facts;
  const directory = session.state.executionOf(execution).root;
  host.notify({ kind: 'run-started', execution, slot, attempt, engine, pipeline, directory, boundUsd });
  const driver = new ExecutionDriver(
    {
      machine,
      stateMachine: deployment.stateMachine,
      perform: (task) => {
        cloud.warmer.before(task);
        return performTask(cloud.services, task);
      },
      runs: cloud.runs,
      host,
      now: options.now,
    },
    record,
  );
  const ended = await driver.run(options.signal);
  await deliverRunEnded(deployment, cloud.services.functions, ended);
  tellEnd(host, ended);
  const full = cloud.faults.find(isDiskFull);
  if (full !== undefined && ended.status !== 'SUCCEEDED') throw full;
  return ended;
}

function newRecord({ deployment, facts, options }: Session, input: RunInput): RunRecord {
  const { region, account, stateMachine } = deployment;
  const execution = executionName(input.slot, input.attempt);
  return {
    version: 1,
    execution,
    arn: `arn:aws:states:${region}:${account}:execution:${stateMachine.name}:${execution}`,
    slot: input.slot,
    attempt: input.attempt,
    engine: input.engine,
    pipeline: facts.pipeline,
    status: 'RUNNING',
    startTime: new Date(options.now()).toISOString(),
    stopTime: null,
    input: { ...input, revision: { ...input.revision } },
    output: null,
    error: null,
    cause: null,
    reason: null,
    states: [],
  };
}

function tellEnd(host: RunHost, { execution, status, startTime, stopTime, error, reason }: RunRecord): void {
  if (status === 'RUNNING') return;
  const seconds = (Date.parse(stopTime ?? startTime) - Date.parse(startTime)) / 1000;
  host.notify({ kind: 'run-ended', execution, status, seconds, error, reason });
}
