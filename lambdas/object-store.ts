import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { ObjectVersion } from '../lib/contracts/manifest.ts';
import { type Reader, readOrThrow } from '../lib/contracts/reader.ts';
import type { ObjectLocation } from '../lib/contracts/state-payload.ts';
import { must } from '../lib/errors/fault.ts';
import { UserError } from '../lib/errors/user-error.ts';
import { defaultProvider } from './environment-credentials.ts';

const s3 = new S3Client({ credentials: defaultProvider() });

/** An object that was read, and what tells this version of it from any other. */
export interface Stored<T> {
  readonly value: T;
  readonly etag: string;
  /** SHA-256 of its bytes. */
  readonly sha256: string;
}

/** The object's JSON in the reader's shape, or undefined where there is no object. */
export async function findDocument<T>(read: Reader<T>, location: ObjectLocation): Promise<Stored<T> | undefined> {
  const object = await findObject(location);
  if (object === undefined) return undefined;
  const bytes = await must(object.Body, 'a body').transformToByteArray();
  const subject = uriOf(location);
  return {
    value: readOrThrow(read, parseJson(new TextDecoder().decode(bytes), subject), subject),
    etag: must(object.ETag, `an ETag of ${subject}`),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

/** @throws UserError `missing-object` */
export async function readDocument<T>(read: Reader<T>, location: ObjectLocation): Promise<Stored<T>> {
  const document = await findDocument(read, location);
  if (document === undefined) throw missingObject(location);
  return document;
}

/**
 * A document that must have these bytes.
 * @throws UserError `missing-object` | `digest-mismatch`
 */
export async function readVerified<T>(read: Reader<T>, location: ObjectLocation, sha256: string): Promise<T> {
  const document = await readDocument(read, location);
  if (document.sha256 === sha256) return document.value;
  throw new UserError({
    code: 'digest-mismatch',
    message: `${uriOf(location)} has the SHA-256 ${document.sha256}, expected ${sha256}`,
    resolution: 'the object was changed after it was written: restore its former version',
  });
}

/** SHA-256 of an object's bytes, read as a stream. @throws UserError `missing-object` */
export async function digestObject(location: ObjectLocation): Promise<string> {
  const object = await findObject(location);
  if (object === undefined) throw missingObject(location);
  const hash = createHash('sha256');
  for await (const chunk of object.Body as AsyncIterable<Uint8Array>) hash.update(chunk);
  return hash.digest('hex');
}

/** Every object below a prefix, over all pages of the listing. */
export async function listObjects(bucket: string, prefix: string): Promise<readonly ObjectVersion[]> {
  const objects: ObjectVersion[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    for (const { Key, Size, ETag } of page.Contents ?? []) {
      objects.push({ key: must(Key, 'a key'), size: must(Size, 'a size'), etag: withoutQuotes(must(ETag, 'an ETag')) });
    }
  }
  return objects;
}

/** Writes whatever was there: only for keys that name their content. */
export async function putDocument(location: ObjectLocation, value: unknown): Promise<void> {
  await put(location, value, {});
}

/** Creates the object; `exists` where there is one, or another writer is creating it. */
export function createDocument(location: ObjectLocation, value: unknown): Promise<'created' | 'exists'> {
  return conditional(put(location, value, { IfNoneMatch: '*' }), 'created', 'exists');
}

/** Replaces exactly the version that was read; `changed` where it is no longer that one. */
export function replaceDocument(
  location: ObjectLocation,
  value: unknown,
  etag: string,
): Promise<'replaced' | 'changed'> {
  return conditional(put(location, value, { IfMatch: etag }), 'replaced', 'changed');
}

function put(
  { bucket, key }: ObjectLocation,
  value: unknown,
  condition: { readonly IfNoneMatch?: string; readonly IfMatch?: string },
): Promise<unknown> {
  const body = `${JSON.stringify(value, null, 2)}\n`;
  return s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: 'application/json', ...condition }),
  );
}

/**
 * 412: the condition does not hold; 409: another conditional write of the key is under way; 404: the object that was
 * to be replaced is gone.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html (2026-11-20).
 */
const LOST_CONDITION = new Set(['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey']);

async function conditional<Won, Lost>(write: Promise<unknown>, won: Won, lost: Lost): Promise<Won | Lost> {
  try {
    await write;
    return won;
  } catch (error) {
    if (error instanceof S3ServiceException && LOST_CONDITION.has(error.name)) return lost;
    throw error;
  }
}

async function findObject({ bucket, key }: ObjectLocation): Promise<GetObjectCommandOutput | undefined> {
  try {
    return await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}

function parseJson(text: string, subject: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserError({
      code: 'malformed-document',
      message: `${subject} is no JSON`,
      resolution: 'restore its former version: something other than a run wrote it',
      cause,
    });
  }
}

const missingObject = (location: ObjectLocation): UserError =>
  new UserError({
    code: 'missing-object',
    message: `${uriOf(location)} does not exist`,
    resolution: 'start the slot again; if it is missing again, restore it from a former version of the bucket',
  });

const uriOf = ({ bucket, key }: ObjectLocation): string => `s3://${bucket}/${key}`;
const withoutQuotes = (etag: string): string => etag.replaceAll('"', '');
