import { parseObjectUri } from '../../lib/contracts/object-keys.ts';
import type { ApiCall } from '../../lib/iam/api-call.ts';
import { ServiceError } from '../endpoint/service-error.ts';
import type { JobPlaces, JobShell } from './job-shell.ts';

/**
 * Jobs read and write plain files, so what they are handed is checked before they start: as AWS would check each of
 * their calls.
 *
 * @returns why the role may not, or undefined where it may
 */
export function denialOfPlaces(shell: JobShell, role: string, places: JobPlaces): string | undefined {
  const calls = [
    ...places.reads.flatMap((uri) => readCalls(shell, uri)),
    ...places.writes.map((uri): ApiCall => ({ api: 's3:PutObject', resources: objectAt(shell, uri) })),
  ];
  for (const call of calls) {
    const denial = shell.access.denialOf(role, call);
    if (denial !== undefined) return denial;
  }
  return undefined;
}

function readCalls(shell: JobShell, uri: string): readonly ApiCall[] {
  const read: ApiCall = { api: 's3:GetObject', resources: objectAt(shell, uri) };
  if (!uri.endsWith('/')) return [read];
  return [read, { api: 's3:ListObjectsV2', resources: { bucket: [`arn:aws:s3:::${locate(uri).bucket}`] } }];
}

/** For a prefix, an object below it whose name no policy can know. */
function objectAt(shell: JobShell, uri: string): ApiCall['resources'] {
  const { bucket, key } = locate(uri);
  return shell.access.objectResources(bucket, uri.endsWith('/') ? `${key}any-object` : key);
}

/** @throws ServiceError ValidationException */
export function locate(uri: string): { readonly bucket: string; readonly key: string } {
  const location = parseObjectUri(uri);
  if (location === undefined) throw ServiceError.validation(`${uri} is not an s3:// URI`);
  return location;
}

/** The file or folder of an object; for an asset, what lies in the assembly. */
export function pathOfUri(shell: JobShell, uri: string): string {
  const { bucket, key } = locate(uri);
  const asset = shell.assets.find((candidate) => candidate.bucket === bucket && candidate.key === key);
  return asset?.path ?? shell.objects.pathOf(bucket, key);
}
