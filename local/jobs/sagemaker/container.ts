import { copyFile, link, mkdir, readFile, realpath, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isObject, type JsonObject, type JsonValue, listAt } from '../../cloudformation/template.ts';
import { ServiceError } from '../../endpoint/service-error.ts';
import { locate, pathOfUri } from '../job-places.ts';
import type { JobShell } from '../job-shell.ts';

/** What a container sees as /opt/ml. */
const CONTAINER_ROOT = '/opt/ml';

/**
 * A container's path as it lies here, below the job's own folder.
 *
 * @throws ServiceError ValidationException for a path outside of /opt/ml
 */
export function localPath(base: string, path: string): string {
  const isInside = path.startsWith(`${CONTAINER_ROOT}/`) && !path.split('/').includes('..');
  if (!isInside) throw ServiceError.validation(`${path} does not lie below ${CONTAINER_ROOT}`);
  return join(base, path.slice(CONTAINER_ROOT.length));
}

/** The container's command with the image's Python and paths replaced by those of this machine. */
export function commandOf(shell: JobShell, base: string, specification: JsonObject): readonly [string, ...string[]] {
  const entrypoint = listAt(specification, 'ContainerEntrypoint').map(String);
  const args = listAt(specification, 'ContainerArguments').map(String);
  const [program, ...rest] = [...entrypoint, ...args].map((part) =>
    part.startsWith(`${CONTAINER_ROOT}/`) ? localPath(base, part) : part,
  );
  if (program !== 'python3' && program !== 'python') {
    throw ServiceError.notImplemented(`a container whose entry point is ${program ?? 'the image’s own'}`);
  }
  return [shell.python, ...rest];
}

/**
 * Lays the objects below an `S3Prefix` into the folder, under their paths below it, as links to the objects' files; an
 * asset that travels as an archive is the folder that it was made of. Returns how many there are.
 */
export async function linkPrefix(shell: JobShell, uri: string, folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const { bucket, key } = locate(uri);
  const path = key.endsWith('/') || key === '' ? undefined : pathOfUri(shell, uri);
  const kind = path === undefined ? undefined : await kindOf(path);
  if (path !== undefined && kind !== undefined) {
    await (kind === 'folder' ? symlink : linkFile)(path, join(folder, basename(key)));
    return 1;
  }
  const parent = key.slice(0, key.lastIndexOf('/') + 1);
  const keys = await shell.objects.listKeys(bucket, key);
  for (const found of keys) await linkObject(shell, { bucket, key: found }, join(folder, found.slice(parent.length)));
  return keys.length;
}

async function linkObject(shell: JobShell, object: { bucket: string; key: string }, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await linkFile(shell.objects.pathOf(object.bucket, object.key), target);
}

/** A second name of the file, which looks like a download; a copy where the disk allows no second name. */
async function linkFile(path: string, target: string): Promise<void> {
  const source = await realpath(path);
  await link(source, target).catch(() => copyFile(source, target));
}

/**
 * Lays the objects that a manifest file names into the folder, under their paths below the manifest's prefix.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingS3Input.html (2026-11-20).
 */
export async function linkManifest(shell: JobShell, uri: string, folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const entries = readManifest(JSON.parse(await readFile(pathOfUri(shell, uri), 'utf8')), uri);
  for (const { prefix, name } of entries) {
    const object = locate(`${prefix}${name}`);
    await shell.objects.head(object.bucket, object.key);
    await linkObject(shell, object, join(folder, name));
  }
  return entries.length;
}

function readManifest(value: JsonValue, uri: string): readonly { readonly prefix: string; readonly name: string }[] {
  const [head, ...names] = Array.isArray(value) ? value : [];
  const prefix = isObject(head) ? head['prefix'] : undefined;
  if (typeof prefix !== 'string') throw ServiceError.validation(`${uri} is no manifest: its first entry has no prefix`);
  return names.map((name) => ({ prefix, name: String(name) }));
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) return undefined;
  return stats.isDirectory() ? 'folder' : 'file';
}
