import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { costDiagnostic } from '../../lib/cost/cost-diagnostic.ts';
import { isObject, type JsonObject, objectIn } from '../../lib/cost/json-object.ts';
import { readDefinitionAssets } from './definition-assets.ts';
import { readJson, reasonOf } from './read-json.ts';
import { joinStacks, type ReadStacks } from './stack-files.ts';

/**
 * Templates of an assembly (a folder with manifest.json, nested stages included), of a folder of `*.template.json`, or
 * of one file. What cannot be read is in the diagnostics; the rest is read all the same.
 *
 * @param at the path as the user named it, absolute or from `directory`
 */
export async function readStacks(directory: string, at: string): Promise<ReadStacks> {
  if (at === '') return unreadable('""', 'names nothing');
  const path = resolve(directory, at);
  const entries = await listEntries(path);
  if (entries.kind === 'file') return readTemplate({ path, at, stack: stackNameOf(path), region: null });
  if (entries.kind === 'unreadable') return unreadable(at, `cannot be read: ${entries.reason}`);
  if (entries.names.includes('manifest.json')) return readAssembly(path, at);
  const templates = entries.names.filter((name) => name.endsWith('.template.json'));
  if (templates.length === 0) return unreadable(at, 'has neither manifest.json nor any *.template.json');
  return joinStacks(
    await Promise.all(
      templates.map((name) =>
        readTemplate({ path: join(path, name), at: join(at, name), stack: stackNameOf(name), region: null }),
      ),
    ),
  );
}

type Entries =
  | { readonly kind: 'folder'; readonly names: readonly string[] }
  | { readonly kind: 'file' }
  | { readonly kind: 'unreadable'; readonly reason: string };

async function listEntries(path: string): Promise<Entries> {
  try {
    if (!(await stat(path)).isDirectory()) return { kind: 'file' };
    return { kind: 'folder', names: (await readdir(path)).sort() };
  } catch (error) {
    return { kind: 'unreadable', reason: reasonOf(error) };
  }
}

const unreadable = (at: string, message: string): ReadStacks => ({
  files: [],
  diagnostics: [
    costDiagnostic('unreadable-file', {
      at,
      message,
      fix: 'name a folder that cdk synth wrote, or a template as JSON',
    }),
  ],
});

/** `app` of `cdk.out/app.template.json`. */
const stackNameOf = (path: string): string => basename(path).replace(/(\.template)?\.json$/, '');

interface TemplatePlace {
  readonly path: string;
  readonly at: string;
  readonly stack: string;
  readonly region: string | null;
  /** The stack's asset manifest, where the assembly names one. */
  readonly assetManifest?: string;
}

const NO_TEMPLATE = {
  code: 'malformed-template',
  fix: 'give the template whole, as JSON: cdk synth writes it into cdk.out',
} as const;

async function readTemplate({ path, at, stack, region, assetManifest }: TemplatePlace): Promise<ReadStacks> {
  const file = await readJson(path, at, NO_TEMPLATE);
  if (file.kind !== 'read') return { files: [], diagnostics: [file.diagnostic] };
  const assets = await readDefinitionAssets(file.text, assetManifest);
  return {
    files: [{ stack, template: file.json, path, text: file.text, region, ...(assets.size === 0 ? {} : { assets }) }],
    diagnostics: [],
  };
}

async function readAssembly(path: string, at: string): Promise<ReadStacks> {
  const place = join(at, 'manifest.json');
  const file = await readJson(join(path, 'manifest.json'), place, {
    code: 'unreadable-file',
    fix: 'synthesize the app again',
  });
  if (file.kind !== 'read') return { files: [], diagnostics: [file.diagnostic] };
  const artifacts = Object.entries(objectIn(isObject(file.json) ? file.json : {}, 'artifacts'));
  const read = artifacts.map(([id, artifact]) => readArtifact(id, isObject(artifact) ? artifact : {}, { path, at }));
  const stacks = joinStacks(await Promise.all(read));
  return stacks.files.length + stacks.diagnostics.length === 0 ? unreadable(place, 'names no stack') : stacks;
}

async function readArtifact(
  id: string,
  artifact: JsonObject,
  folder: { path: string; at: string },
): Promise<ReadStacks> {
  const properties = objectIn(artifact, 'properties');
  const { path, at } = folder;
  if (artifact['type'] === 'cdk:cloud-assembly') {
    const name = textOr(properties['directoryName'], id);
    return readAssembly(join(path, name), join(at, name));
  }
  if (artifact['type'] !== 'aws:cloudformation:stack') return joinStacks([]);
  const file = textOr(properties['templateFile'], `${id}.template.json`);
  return readTemplate({
    path: join(path, file),
    at: join(at, file),
    stack: textOr(properties['stackName'], id),
    region: regionOf(artifact['environment']),
    assetManifest: join(path, `${id}.assets.json`),
  });
}

const textOr = (value: unknown, fallback: string): string => (typeof value === 'string' ? value : fallback);

/** The region in `aws://123456789012/us-east-1`. */
function regionOf(environment: unknown): string | null {
  const region = typeof environment === 'string' ? environment.split('/').at(-1) : undefined;
  return region === undefined || region === '' || region === 'unknown-region' ? null : region;
}
