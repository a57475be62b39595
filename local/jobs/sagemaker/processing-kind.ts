import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../cloudformation/template.ts';
import { ServiceError } from '../../endpoint/service-error.ts';
import { writeJsonFile } from '../../state/json-file.ts';
import type { JobPlaces, JobShell } from '../job-shell.ts';
import { commandOf, linkManifest, linkPrefix, localPath } from './container.ts';
import type { PreparedContainer, SageMakerJobKind } from './job-kind.ts';
import { storeFolder } from './store-file.ts';

/**
 * Processing jobs under SageMaker's directory contract, rooted at the job's folder.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/build-your-own-processing-container.html (2026-11-20).
 */
export const processingKind: SageMakerJobKind = {
  noun: 'ProcessingJob',
  arnType: 'processing-job',
  startField: 'ProcessingStartTime',
  endField: 'ProcessingEndTime',
  takesCore: false,
  parameters: [
    'ProcessingJobName',
    'AppSpecification',
    'ProcessingInputs',
    'ProcessingOutputConfig',
    'ProcessingResources',
    'StoppingCondition',
    'NetworkConfig',
    'RoleArn',
    'Environment',
  ],
  placesOf,
  prepare,
  collect,
  failureFile: 'output/message',
};

interface Place {
  readonly uri: string;
  readonly localPath: string;
}

function inputsOf(description: JsonObject): readonly (Place & { readonly type: string })[] {
  return listAt(description, 'ProcessingInputs')
    .filter(isObject)
    .map((input) => objectAt(input, 'S3Input'))
    .map((input) => ({ ...placeOf(input), type: textAt(input, 'S3DataType') ?? '' }));
}

function outputsOf(description: JsonObject): readonly Place[] {
  return listAt(objectAt(description, 'ProcessingOutputConfig'), 'Outputs')
    .filter(isObject)
    .map((output) => objectAt(output, 'S3Output'))
    .map((output) => {
      if (textAt(output, 'S3UploadMode') !== 'EndOfJob') throw ServiceError.notImplemented('continuous upload');
      return placeOf(output);
    });
}

const placeOf = (object: JsonObject): Place => ({
  uri: textAt(object, 'S3Uri') ?? '',
  localPath: textAt(object, 'LocalPath') ?? '',
});

const asPrefix = (uri: string): string => (uri.endsWith('/') ? uri : `${uri}/`);

function placesOf(description: JsonObject): JobPlaces {
  return {
    reads: inputsOf(description).map(({ uri }) => uri),
    writes: outputsOf(description).map(({ uri }) => asPrefix(uri)),
  };
}

async function prepare(shell: JobShell, description: JsonObject, base: string): Promise<PreparedContainer> {
  for (const { uri, localPath: path, type } of inputsOf(description)) {
    const link = type === 'ManifestFile' ? linkManifest : linkPrefix;
    if ((await link(shell, uri, localPath(base, path))) === 0) {
      throw ServiceError.validation(`ClientError: no S3 objects found under ${uri}`);
    }
  }
  for (const { localPath: path } of outputsOf(description)) await mkdir(localPath(base, path), { recursive: true });
  await mkdir(join(base, 'output'), { recursive: true });
  await writeJsonFile(join(base, 'config/processingjobconfig.json'), description);
  await writeJsonFile(join(base, 'config/resourceconfig.json'), { current_host: 'algo-1', hosts: ['algo-1'] });
  const own = Object.entries(objectAt(description, 'Environment')).map(([key, value]) => [key, String(value)]);
  return {
    command: commandOf(shell, base, objectAt(description, 'AppSpecification')),
    environment: { ...Object.fromEntries(own), PROCESSING_JOB_NAME: textAt(description, 'ProcessingJobName') ?? '' },
    accompany: async () => undefined,
  };
}

async function collect(
  shell: JobShell,
  description: JsonObject,
  { base }: { readonly base: string },
): Promise<JsonObject> {
  for (const { uri, localPath: path } of outputsOf(description)) await storeFolder(shell, localPath(base, path), uri);
  return {};
}
