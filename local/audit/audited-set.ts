import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { objectUri, parseObjectUri } from '../../lib/contracts/object-keys.ts';
import { readOrThrow } from '../../lib/contracts/reader.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import { trainingSetManifestReader } from '../../lib/runs/documents.ts';
import { readJsonFile } from '../state/json-file.ts';
import type { StateDirectory } from '../state/state-directory.ts';

/** A set to audit: one of ours, which tells how it was made, or files of anybody. */
export type AuditedSet =
  | {
      readonly kind: 'published';
      readonly manifest: string;
      /** Folder of buckets that the set lies in. */
      readonly objects: string;
      readonly program: string;
      readonly inputs: string;
    }
  | { readonly kind: 'files'; readonly path: string };

const MANIFEST = 'manifest.json';

/**
 * Finds what a URI or path names: a manifest or its folder, `s3://` in the local state directory, or files.
 * @throws UserError missing-set, malformed-set
 */
export async function findAuditedSet(given: string, directory: string, state: StateDirectory): Promise<AuditedSet> {
  const location = parseObjectUri(given);
  if (location === undefined && given.startsWith('s3://')) throw missing(given, 'it is no object URI');
  const path = location === undefined ? resolve(directory, given) : join(state.objects, location.bucket, location.key);
  const found = await kindOf(path);
  if (found === undefined) throw missing(given, `there is no ${path}`);
  const manifest = found === 'folder' ? join(path, MANIFEST) : path;
  if (basename(manifest) === MANIFEST && (await kindOf(manifest)) === 'file') return publishedSet(manifest);
  return { kind: 'files', path };
}

/** A manifest lies at `<objects>/<bucket>/training-sets/<pipeline>/<fingerprint>/manifest.json`. */
async function publishedSet(path: string): Promise<AuditedSet> {
  const { program, inputs, pipeline, fingerprint } = readOrThrow(
    trainingSetManifestReader,
    await readJsonFile(path),
    path,
  );
  const bucket = dirname(dirname(dirname(dirname(path))));
  const uri = (key: string): string => objectUri(basename(bucket), key);
  if (program === undefined || inputs === undefined) {
    throw new UserError({
      code: 'malformed-set',
      message: `${path} does not say by which program and from which sources it was made`,
      resolution: 'it was published by an earlier release: run its slot again',
    });
  }
  return {
    kind: 'published',
    manifest: uri(`training-sets/${pipeline}/${fingerprint}/${MANIFEST}`),
    objects: dirname(bucket),
    program: uri(program.key),
    inputs: uri(inputs.key),
  };
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  const [entry] = await Promise.allSettled([stat(path)]);
  if (entry.status === 'rejected') return undefined;
  return entry.value.isDirectory() ? 'folder' : 'file';
}

const missing = (given: string, why: string): UserError =>
  new UserError({
    code: 'missing-set',
    message: `${given} is no training set: ${why}`,
    resolution:
      'give the manifest of a published set, s3://BUCKET/KEY of this project, or a path of Parquet or CSV files',
  });
