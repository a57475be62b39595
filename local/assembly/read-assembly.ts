import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Diagnostic } from '../../lib/errors/diagnostic.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import { resolveStacks } from '../cloudformation/resolve.ts';
import {
  type DeploymentPlace,
  isObject,
  type JsonObject,
  objectAt,
  type ResolvedResource,
  type StackTemplate,
  textAt,
} from '../cloudformation/template.ts';

/** A file or folder that deployment would upload, beside the object that it would become. */
export interface Asset {
  readonly bucket: string;
  readonly key: string;
  /** Absolute path in the assembly. */
  readonly path: string;
  /** `zip`: the path is a folder that travels as an archive. */
  readonly packaging: 'file' | 'zip';
}

/** What `cdk synth` wrote, resolved as if deployed: read once, never changed. */
export interface Assembly {
  readonly place: DeploymentPlace;
  readonly resources: readonly ResolvedResource[];
  readonly assets: readonly Asset[];
}

/** The account that local names carry: no real one. */
export const LOCAL_ACCOUNT = '000000000000';

/**
 * Reads the assembly in a `cdk.out` folder and resolves its templates across stacks.
 *
 * @param account that it is deployed to; default: none, as for a run on this machine
 * @throws UserError unreadable-assembly, invalid-input (everything that cannot be resolved, at once)
 */
export async function readAssembly(directory: string, account: string = LOCAL_ACCOUNT): Promise<Assembly> {
  const artifacts = await readArtifacts(directory);
  const stacks = artifacts.filter(({ type }) => type === 'aws:cloudformation:stack');
  const place = { partition: 'aws', account, region: regionOf(stacks) };
  const templates = await Promise.all(stacks.map(readStackTemplate));
  const { value, diagnostics } = resolveStacks(templates, place);
  if (value === undefined) throw UserError.fromDiagnostics(`the assembly in ${directory}`, diagnostics);
  const manifests = artifacts.filter(({ type }) => type === 'cdk:asset-manifest');
  const assets = (await Promise.all(manifests.map((manifest) => readAssets(manifest, place)))).flat();
  return { place, resources: value, assets };
}

interface Artifact {
  readonly id: string;
  readonly type: string;
  readonly directory: string;
  readonly environment: string;
  readonly properties: JsonObject;
}

async function readArtifacts(directory: string): Promise<readonly Artifact[]> {
  const manifest = await readJsonObject(join(directory, 'manifest.json'));
  const artifacts = Object.entries(objectAt(manifest, 'artifacts')).map(([id, artifact]) => {
    const body = isObject(artifact) ? artifact : {};
    const [type, environment] = [textAt(body, 'type') ?? '', textAt(body, 'environment') ?? ''];
    return { id, type, directory, environment, properties: objectAt(body, 'properties') };
  });
  const nested = artifacts
    .filter(({ type }) => type === 'cdk:cloud-assembly')
    .map(({ properties }) => readArtifacts(join(directory, textAt(properties, 'directoryName') ?? '')));
  return [...artifacts, ...(await Promise.all(nested)).flat()];
}

/** The one region of all stacks: `aws://unknown-account/us-east-1`. */
function regionOf(stacks: readonly Artifact[]): string {
  const regions = [...new Set(stacks.map(({ environment }) => environment.split('/').at(-1) ?? ''))];
  const [region] = regions;
  if (regions.length === 1 && region !== undefined && region !== 'unknown-region') return region;
  throw new UserError({
    code: 'unreadable-assembly',
    message: `the app's stacks are in ${regions.length === 0 ? 'no region: there are none' : regions.join(', ')}`,
    resolution: 'give every stack the pipeline’s region: prices and images differ by region',
  });
}

async function readStackTemplate({ id, directory, properties }: Artifact): Promise<StackTemplate> {
  const file = textAt(properties, 'templateFile') ?? `${id}.template.json`;
  return { stack: textAt(properties, 'stackName') ?? id, template: await readJsonObject(join(directory, file)) };
}

async function readAssets({ id, directory, properties }: Artifact, place: DeploymentPlace): Promise<readonly Asset[]> {
  const manifest = await readJsonObject(join(directory, textAt(properties, 'file') ?? ''));
  const diagnostics: Diagnostic[] = [];
  for (const image of Object.keys(objectAt(manifest, 'dockerImages'))) diagnostics.push(refusedImage(id, image));
  if (diagnostics.length > 0) throw UserError.fromDiagnostics(`the assembly in ${directory}`, diagnostics);
  return Object.values(objectAt(manifest, 'files')).flatMap((file) => {
    const source = isObject(file) ? objectAt(file, 'source') : {};
    const path = resolve(directory, textAt(source, 'path') ?? '');
    const packaging = textAt(source, 'packaging') === 'zip' ? 'zip' : 'file';
    const destinations = Object.values(isObject(file) ? objectAt(file, 'destinations') : {});
    return destinations.filter(isObject).map((destination) => ({
      bucket: fillPlace(textAt(destination, 'bucketName') ?? '', place),
      key: fillPlace(textAt(destination, 'objectKey') ?? '', place),
      path,
      packaging,
    }));
  });
}

function refusedImage(id: string, image: string): Diagnostic {
  return {
    code: 'unsupported-asset',
    severity: 'error',
    at: `${id}.dockerImages.${image}`,
    message: 'a container image cannot be run on the laptop',
    fix: 'use the platform’s images with code as a file asset',
  };
}

/** Asset manifests hold their placeholders as text, not as intrinsics. */
function fillPlace(text: string, { partition, account, region }: DeploymentPlace): string {
  return text
    .replaceAll(`\${AWS::AccountId}`, account)
    .replaceAll(`\${AWS::Region}`, region)
    .replaceAll(`\${AWS::Partition}`, partition);
}

async function readJsonObject(path: string): Promise<JsonObject> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isObject(value)) return value;
    throw new SyntaxError('not a JSON object');
  } catch (cause) {
    throw new UserError({
      code: 'unreadable-assembly',
      message: `cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      resolution: 'synthesize the app again: delete the assembly’s folder and repeat the command',
      cause,
    });
  }
}
