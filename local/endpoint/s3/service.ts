import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { ApiCall, ApiName } from '../../../lib/iam/api-call.ts';
import type { AccessControl } from '../access.ts';
import { ServiceError } from '../service-error.ts';
import { listObjects } from './list-objects.ts';
import type { ObjectFiles, StoredObject, WriteCondition } from './object-files.ts';
import { receiveContent } from './request-body.ts';
import { errorDocument } from './xml.ts';

export interface ObjectService {
  readonly files: ObjectFiles;
  readonly access: AccessControl;
}

interface ObjectRequest {
  readonly caller: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Answers one S3 request in path style; what S3 has and this has not is refused by name. */
export async function serveObjects(
  service: ObjectService,
  caller: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Not by URL, which would resolve `..` before the key is looked at.
  const [path = '', search = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const [, bucket = '', ...rest] = path.split('/').map(decodeURIComponent);
  const [key, query] = [rest.join('/'), new URLSearchParams(search)];
  try {
    refuseUnknownHeaders(request);
    await answer(service, { caller, bucket, key, query, request, response });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    request.resume();
    response.writeHead(error.status, { 'content-type': 'application/xml' });
    response.end(request.method === 'HEAD' ? undefined : errorDocument(error.code, error.message, path));
  }
}

async function answer(service: ObjectService, asked: ObjectRequest): Promise<void> {
  const { request, key, query } = asked;
  if (key === '' && request.method === 'GET') return answerList(service, asked);
  const parameter = [...query.keys()].find((name) => name !== 'x-id');
  if (parameter !== undefined) throw ServiceError.notImplemented(`S3 ${request.method} with ${parameter}`);
  if (key === '') throw ServiceError.notImplemented(`S3 ${request.method} of a bucket`);
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return answerRead(service, asked);
    case 'PUT':
      return answerWrite(service, asked);
    case 'DELETE':
      return answerDelete(service, asked);
    default:
      throw ServiceError.notImplemented(`S3 ${request.method}`);
  }
}

/** Headers that change what S3 does; unknown ones would be promises that are not kept. */
const KNOWN_HEADERS =
  /^x-amz-(content-sha256|date|security-token|user-agent|checksum-.*|sdk-checksum-algorithm|trailer|decoded-content-length|server-side-encryption|server-side-encryption-aws-kms-key-id|server-side-encryption-bucket-key-enabled|expected-bucket-owner)$/;

function refuseUnknownHeaders({ headers }: IncomingMessage): void {
  const unknown = Object.keys(headers).find((name) => name.startsWith('x-amz-') && !KNOWN_HEADERS.test(name));
  if (unknown !== undefined) throw ServiceError.notImplemented(`the header ${unknown}`);
}

function requireAccess({ access }: ObjectService, caller: string, call: ApiCall): void {
  const denial = access.denialOf(caller, call);
  if (denial !== undefined) throw new ServiceError('AccessDenied', 403, denial);
}

function requireObjectAccess(service: ObjectService, { caller, bucket, key }: ObjectRequest, api: ApiName): void {
  requireAccess(service, caller, { api, resources: service.access.objectResources(bucket, key) });
}

const listCall = (bucket: string): ApiCall => ({
  api: 's3:ListObjectsV2',
  resources: { bucket: [`arn:aws:s3:::${bucket}`] },
});

async function answerList(service: ObjectService, { caller, bucket, query, response }: ObjectRequest): Promise<void> {
  service.access.objectResources(bucket, '');
  requireAccess(service, caller, listCall(bucket));
  const body = await listObjects(service.files, bucket, query);
  response.writeHead(200, { 'content-type': 'application/xml' }).end(body);
}

async function answerRead(service: ObjectService, asked: ObjectRequest): Promise<void> {
  const { request, response } = asked;
  requireObjectAccess(service, asked, request.method === 'HEAD' ? 's3:HeadObject' : 's3:GetObject');
  const object = await headOrDeny(service, asked);
  if (isUnchanged(request, object)) {
    response.writeHead(304, { etag: `"${object.etag}"` }).end();
    return;
  }
  const range = rangeOf(request, object);
  response.writeHead(range === undefined ? 200 : 206, {
    etag: `"${object.etag}"`,
    'last-modified': object.lastModified.toUTCString(),
    'accept-ranges': 'bytes',
    'content-type': 'binary/octet-stream',
    'content-length': range === undefined ? object.size : range.end - range.start + 1,
    ...(range === undefined ? {} : { 'content-range': `bytes ${range.start}-${range.end}/${object.size}` }),
  });
  if (request.method === 'HEAD' || object.size === 0) response.end();
  else await pipeline(createReadStream(object.path, range ?? {}), response);
}

/** S3 tells that an object does not exist only to those who may list the bucket. */
async function headOrDeny(service: ObjectService, { caller, bucket, key }: ObjectRequest): Promise<StoredObject> {
  try {
    return await service.files.head(bucket, key);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'NoSuchKey') requireAccess(service, caller, listCall(bucket));
    throw error;
  }
}

/** @throws ServiceError PreconditionFailed */
function isUnchanged({ headers }: IncomingMessage, { etag }: StoredObject): boolean {
  const [match, noneMatch] = [headers['if-match'], headers['if-none-match']];
  if (match !== undefined && unquote(match) !== etag) {
    throw new ServiceError(
      'PreconditionFailed',
      412,
      'At least one of the pre-conditions you specified did not hold: If-Match',
    );
  }
  return noneMatch !== undefined && (noneMatch === '*' || unquote(noneMatch) === etag);
}

const unquote = (etag: string): string => etag.replaceAll('"', '');

/** First and last byte, both inclusive; undefined where the whole object is asked for. */
function rangeOf({ headers }: IncomingMessage, { size }: StoredObject): { start: number; end: number } | undefined {
  if (headers.range === undefined) return undefined;
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(headers.range) ?? [];
  if (from === '' && to === '') throw ServiceError.notImplemented(`the range ${headers.range}`);
  const start = from === '' ? Math.max(size - Number(to), 0) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (start >= size || end < start)
    throw new ServiceError('InvalidRange', 416, 'The requested range is not satisfiable');
  return { start, end };
}

async function answerWrite(service: ObjectService, asked: ObjectRequest): Promise<void> {
  const { bucket, key, request, response } = asked;
  requireObjectAccess(service, asked, 's3:PutObject');
  if (request.headers['x-amz-copy-source'] !== undefined) throw ServiceError.notImplemented('CopyObject');
  const condition = conditionOf(request);
  const content = await receiveContent(request, await service.files.temporaryPath());
  await service.files.put(bucket, key, content, condition);
  response.writeHead(200, { etag: `"${content.etag}"` }).end();
}

function conditionOf({ headers }: IncomingMessage): WriteCondition {
  const [match, noneMatch] = [headers['if-match'], headers['if-none-match']];
  if (noneMatch !== undefined && noneMatch !== '*') throw ServiceError.notImplemented(`If-None-Match: ${noneMatch}`);
  if (noneMatch !== undefined) return { kind: 'absent' };
  return match === undefined ? { kind: 'none' } : { kind: 'etag', etag: unquote(match) };
}

async function answerDelete(service: ObjectService, asked: ObjectRequest): Promise<void> {
  requireObjectAccess(service, asked, 's3:DeleteObject');
  if (asked.request.headers['if-match'] !== undefined) throw ServiceError.notImplemented('DeleteObject with If-Match');
  await service.files.delete(asked.bucket, asked.key);
  asked.response.writeHead(204).end();
}
