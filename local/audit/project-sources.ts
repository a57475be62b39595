import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { executionPrefix, objectUri } from '../../lib/contracts/object-keys.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import { readDeployment } from '../assembly/deployment.ts';
import { readAssembly } from '../assembly/read-assembly.ts';
import { isObject, textAt } from '../cloudformation/template.ts';
import type { RunHost } from '../host.ts';
import { readPipelineFacts } from '../pipeline-facts.ts';
import { listFolder, readJsonFile } from '../state/json-file.ts';
import type { StateDirectory } from '../state/state-directory.ts';
import { synthesize } from '../synthesis.ts';

/** What anybody's set is held against: the training-set program of the project, and its published sources. */
export interface ProjectSources {
  /** Path of the program. */
  readonly program: string;
  /** URI of the `TrainingSetInputs` of the latest slot that was run here. */
  readonly inputs: string;
}

/** @throws UserError missing-app, synthesis-failed, no-pipeline, no-sources */
export async function projectSources(
  directory: string,
  state: StateDirectory,
  { host, signal }: { readonly host: RunHost; readonly signal: AbortSignal },
): Promise<ProjectSources> {
  await synthesize(directory, state, host, signal);
  const deployment = readDeployment(await readAssembly(state.assembly));
  const { pipeline, dataBucket } = await readPipelineFacts(deployment);
  const programs = deployment.assets.map(({ path }) => path).filter((path) => path.endsWith('.json'));
  const kinds = await Promise.all(programs.map(kindOfProgram));
  const program = programs[kinds.indexOf('training-set')];
  if (program === undefined) throw noSources(`the app of ${directory} has no training-set program`);
  return { program, inputs: await newestInputs(join(state.objects, dataBucket), dataBucket, pipeline) };
}

async function kindOfProgram(path: string): Promise<string | undefined> {
  const program: unknown = JSON.parse(await readFile(path, 'utf8'));
  return isObject(program) ? textAt(program, 'kind') : undefined;
}

async function newestInputs(bucket: string, name: string, pipeline: string): Promise<string> {
  const executions = executionPrefix(pipeline, '').replace(/\/+$/, '');
  const found = await Promise.all(
    (await listFolder(join(bucket, executions))).map(async (execution) => {
      const keys = (await listFolder(join(bucket, executions, execution)))
        .filter((file) => file.startsWith('training-set-inputs-'))
        .map((file) => `${executions}/${execution}/${file}`);
      return Promise.all(keys.map(async (key) => ({ key, slot: await slotOf(join(bucket, key)) })));
    }),
  );
  const newest = found.flat().toSorted((a, b) => b.slot.localeCompare(a.slot) || b.key.localeCompare(a.key))[0];
  if (newest === undefined) throw noSources(`no run of ${pipeline} has published its sources here`);
  return objectUri(name, newest.key);
}

async function slotOf(path: string): Promise<string> {
  const inputs = await readJsonFile(path);
  return (isObject(inputs) ? textAt(inputs, 'slot') : undefined) ?? '';
}

const noSources = (message: string): UserError =>
  new UserError({ code: 'no-sources', message, resolution: 'run npx hundredfold run first: it ingests the sources' });
