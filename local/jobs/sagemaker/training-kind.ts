import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../cloudformation/template.ts';
import { ServiceError } from '../../endpoint/service-error.ts';
import { writeJsonFile } from '../../state/json-file.ts';
import { writeArchive } from '../archive.ts';
import { locate } from '../job-places.ts';
import type { JobPlaces, JobShell } from '../job-shell.ts';
import { CheckpointSync } from './checkpoints.ts';
import { commandOf, linkPrefix, localPath } from './container.ts';
import type { PreparedContainer, SageMakerJobKind } from './job-kind.ts';

/**
 * Training jobs under SageMaker's directory contract, rooted at the job's folder.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html (2026-11-20).
 */
export const trainingKind: SageMakerJobKind = {
  noun: 'TrainingJob',
  arnType: 'training-job',
  startField: 'TrainingStartTime',
  endField: 'TrainingEndTime',
  takesCore: true,
  parameters: [
    'TrainingJobName',
    'HyperParameters',
    'AlgorithmSpecification',
    'RoleArn',
    'InputDataConfig',
    'OutputDataConfig',
    'ResourceConfig',
    'StoppingCondition',
    'EnableNetworkIsolation',
    'EnableInterContainerTrafficEncryption',
    'EnableManagedSpotTraining',
    'CheckpointConfig',
    'Environment',
    'VpcConfig',
  ],
  placesOf,
  prepare,
  collect,
  failureFile: 'output/failure',
};

interface Channel {
  readonly name: string;
  readonly uri: string;
}

function channelsOf(description: JsonObject): readonly Channel[] {
  return listAt(description, 'InputDataConfig')
    .filter(isObject)
    .map((channel) => {
      const source = objectAt(objectAt(channel, 'DataSource'), 'S3DataSource');
      if (textAt(source, 'S3DataType') !== 'S3Prefix')
        throw ServiceError.notImplemented('a channel that is no S3Prefix');
      return { name: textAt(channel, 'ChannelName') ?? '', uri: textAt(source, 'S3Uri') ?? '' };
    });
}

function placesOf(description: JsonObject): JobPlaces {
  const checkpoints = textAt(objectAt(description, 'CheckpointConfig'), 'S3Uri');
  return {
    reads: [...channelsOf(description).map(({ uri }) => uri), ...(checkpoints === undefined ? [] : [checkpoints])],
    writes: [outputPrefix(description), ...(checkpoints === undefined ? [] : [checkpoints])],
  };
}

function outputPrefix(description: JsonObject): string {
  const path = textAt(objectAt(description, 'OutputDataConfig'), 'S3OutputPath') ?? '';
  return `${path.replace(/\/$/, '')}/${textAt(description, 'TrainingJobName')}/output/`;
}

const FOLDERS = ['input/config', 'input/data', 'model', 'output/data', 'checkpoints'];

async function prepare(shell: JobShell, description: JsonObject, base: string): Promise<PreparedContainer> {
  for (const folder of FOLDERS) await mkdir(join(base, folder), { recursive: true });
  await writeConfiguration(description, base);
  for (const { name, uri } of channelsOf(description)) {
    const objects = await linkPrefix(shell, uri, join(base, 'input/data', name));
    if (objects === 0) throw ServiceError.validation(`ClientError: no S3 objects found under ${uri}`);
  }
  const sync = checkpointSync(shell, description, base);
  await sync?.restore();
  return {
    command: commandOf(shell, base, objectAt(description, 'AlgorithmSpecification')),
    environment: environmentOf(description),
    accompany: async (signal) => sync?.follow(signal),
  };
}

async function writeConfiguration(description: JsonObject, base: string): Promise<void> {
  const channels = listAt(description, 'InputDataConfig').filter(isObject);
  const inputs = channels.map((channel) => [
    textAt(channel, 'ChannelName') ?? '',
    { TrainingInputMode: 'File', S3DistributionType: 'FullyReplicated', RecordWrapperType: 'None' },
  ]);
  const config = join(base, 'input/config');
  await writeJsonFile(join(config, 'hyperparameters.json'), objectAt(description, 'HyperParameters'));
  await writeJsonFile(join(config, 'inputdataconfig.json'), Object.fromEntries(inputs));
  await writeJsonFile(join(config, 'resourceconfig.json'), {
    current_host: 'algo-1',
    current_instance_type: textAt(objectAt(description, 'ResourceConfig'), 'InstanceType') ?? '',
    current_group_name: 'homogeneousCluster',
    hosts: ['algo-1'],
    network_interface_name: 'lo',
  });
}

function environmentOf(description: JsonObject): Readonly<Record<string, string>> {
  const own = Object.entries(objectAt(description, 'Environment')).map(([key, value]) => [key, String(value)]);
  return {
    ...Object.fromEntries(own),
    TRAINING_JOB_NAME: textAt(description, 'TrainingJobName') ?? '',
    TRAINING_JOB_ARN: textAt(description, 'TrainingJobArn') ?? '',
  };
}

function checkpointSync(shell: JobShell, description: JsonObject, base: string): CheckpointSync | undefined {
  const config = objectAt(description, 'CheckpointConfig');
  const uri = textAt(config, 'S3Uri');
  const folder = localPath(base, textAt(config, 'LocalPath') ?? '/opt/ml/checkpoints');
  return uri === undefined ? undefined : new CheckpointSync(shell, uri, folder);
}

/** The archives that SageMaker makes of what the container left; a job that failed leaves no model. */
async function collect(
  shell: JobShell,
  description: JsonObject,
  { base, isCompleted, seconds }: { readonly base: string; readonly isCompleted: boolean; readonly seconds: number },
): Promise<JsonObject> {
  const billed = { TrainingTimeInSeconds: Math.ceil(seconds), BillableTimeInSeconds: Math.ceil(seconds) };
  await storeArchive(shell, join(base, 'output/data'), `${outputPrefix(description)}output.tar.gz`);
  if (!isCompleted) return billed;
  const model = `${outputPrefix(description)}model.tar.gz`;
  await storeArchive(shell, join(base, 'model'), model);
  return { ...billed, ModelArtifacts: { S3ModelArtifacts: model } };
}

async function storeArchive(shell: JobShell, folder: string, uri: string): Promise<void> {
  if ((await readdir(folder)).length === 0) return;
  const { bucket, key } = locate(uri);
  const source = await shell.objects.temporaryPath();
  const etag = await writeArchive(folder, source);
  await shell.objects.put(bucket, key, { source, etag }, { kind: 'none' });
}
