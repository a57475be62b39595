import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Ledger } from '../../lib/contracts/ledger.ts';
import { ledgerPrefix } from '../../lib/contracts/object-keys.ts';
import { readOrThrow } from '../../lib/contracts/reader.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import { ledgerReader } from '../../lib/runs/documents.ts';
import type { ExecutionView } from '../../lib/runs/execution-end.ts';
import { type Deployment, readDeployment } from '../assembly/deployment.ts';
import { readAssembly } from '../assembly/read-assembly.ts';
import { startLocalCloud } from '../local-cloud.ts';
import { readPipelineFacts } from '../pipeline-facts.ts';
import { deliverRunEnded, type EndedExecution } from '../rules.ts';
import { readMachine } from '../run.ts';
import { listJsonFiles, readJsonFile } from '../state/json-file.ts';
import { lockStateDirectory } from '../state/lock.ts';
import { RunStore } from '../state/run-store.ts';
import { type StateDirectory, stateDirectory } from '../state/state-directory.ts';
import type { PipelineLedger } from './pipeline-ledger.ts';

/** The ledger of the runs on this machine, as the last of them left it. @throws UserError no-runs, unreadable-assembly */
export async function readLocalLedger(directory: string): Promise<PipelineLedger> {
  const state = stateDirectory(directory);
  const deployment = await readLocalDeployment(state);
  return ledgerOf(deployment, state, async () => []);
}

/**
 * Opens the same ledger for settlements: no run goes on meanwhile, what a lost shell left running is ended, and the
 * app's functions can be called.
 * @throws UserError no-runs, unreadable-assembly, state-directory-in-use
 */
export async function withLocalLedger<Result>(
  directory: string,
  now: () => number,
  use: (ledger: PipelineLedger) => Promise<Result>,
): Promise<Result> {
  const state = stateDirectory(directory);
  const deployment = await readLocalDeployment(state);
  const lock = await lockStateDirectory(state.lock);
  try {
    const machine = readMachine(deployment);
    // No job is started: settling only looks at those that there were.
    const cloud = await startLocalCloud({
      deployment,
      machine,
      state,
      python: '',
      cores: 1,
      now,
      notify: () => undefined,
    });
    try {
      await cloud.runs.settleLostRuns(new Date(now()).toISOString());
      return await use(
        await ledgerOf(deployment, state, (ended) => deliverRunEnded(deployment, cloud.services.functions, ended)),
      );
    } finally {
      await cloud.close();
    }
  } finally {
    await lock.release();
  }
}

/** @throws UserError no-runs, unreadable-assembly */
async function readLocalDeployment({ assembly }: StateDirectory): Promise<Deployment> {
  if (!existsSync(join(assembly, 'manifest.json'))) {
    throw new UserError({
      code: 'no-runs',
      message: 'nothing was run in this folder yet, so that there is no ledger',
      resolution: 'npx hundredfold run; or --aws for the ledger of the deployed pipeline',
    });
  }
  return readDeployment(await readAssembly(assembly));
}

async function ledgerOf(
  deployment: Deployment,
  state: StateDirectory,
  deliverEnd: PipelineLedger['deliverEnd'],
): Promise<PipelineLedger> {
  const { pipeline, dataBucket } = await readPipelineFacts(deployment);
  const folder = join(state.objects, dataBucket, ledgerPrefix(pipeline));
  const runs = new RunStore(state);
  return {
    pipeline,
    place: folder,
    listLedgers: () => listLedgers(folder),
    describeExecution: async ({ execution }) => viewOf(await runs.find(execution)),
    deliverEnd,
  };
}

async function listLedgers(folder: string): Promise<readonly Ledger[]> {
  const paths = (await listJsonFiles(folder)).map((month) => join(folder, `${month}.json`));
  return Promise.all(paths.map(async (path) => readOrThrow(ledgerReader, await readJsonFile(path), path)));
}

function viewOf(record: Pick<EndedExecution, 'status' | 'stopTime'> | undefined): ExecutionView | null {
  if (record === undefined) return null;
  return { status: record.status, stopTime: record.stopTime === null ? null : Date.parse(record.stopTime) };
}
