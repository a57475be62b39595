import { ServiceError } from '../service-error.ts';
import type { ObjectFiles, StoredObject } from './object-files.ts';
import { element, escapeXml, xmlDocument } from './xml.ts';

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html (2026-11-20). */
const MOST_KEYS = 1000;

const KNOWN_PARAMETERS = new Set([
  'list-type',
  'prefix',
  'delimiter',
  'max-keys',
  'continuation-token',
  'start-after',
  'encoding-type',
  'fetch-owner',
  'x-id',
]);

interface Page {
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  /** Last key or prefix of the page; null where the listing is complete. */
  readonly next: string | null;
}

/** ListObjectsV2: one page of a bucket's keys as XML. */
export async function listObjects(files: ObjectFiles, bucket: string, query: URLSearchParams): Promise<string> {
  refuseUnknown(query);
  const prefix = query.get('prefix') ?? '';
  const maxKeys = Math.min(Number(query.get('max-keys') ?? MOST_KEYS), MOST_KEYS);
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
  const page = pageOf(await files.listKeys(bucket, prefix), {
    prefix,
    delimiter: query.get('delimiter') ?? '',
    after,
    maxKeys,
  });
  const objects = await headAll(files, bucket, page.keys);
  const encode = query.get('encoding-type') === 'url' ? encodeKey : escapeXml;
  return xmlDocument('ListBucketResult', [
    element('Name', bucket),
    element('Prefix', prefix),
    element('MaxKeys', String(maxKeys)),
    element('KeyCount', String(page.keys.length + page.prefixes.length)),
    element('IsTruncated', String(page.next !== null)),
    ...(page.next === null ? [] : [element('NextContinuationToken', Buffer.from(page.next).toString('base64url'))]),
    ...objects.map((object) => renderObject(object, encode)),
    ...page.prefixes.map((common) => `<CommonPrefixes><Prefix>${encode(common)}</Prefix></CommonPrefixes>`),
  ]);
}

function refuseUnknown(query: URLSearchParams): void {
  const unknown = [...query.keys()].find((name) => !KNOWN_PARAMETERS.has(name));
  if (unknown !== undefined) throw ServiceError.notImplemented(`ListObjectsV2 with ${unknown}`);
  if (query.get('list-type') !== '2') throw ServiceError.notImplemented('ListObjects (version 1)');
}

interface PageOptions {
  readonly prefix: string;
  readonly delimiter: string;
  /** Exclusive. */
  readonly after: string;
  readonly maxKeys: number;
}

/** The first entries after `after`; keys that share a part up to the delimiter are one entry. */
function pageOf(allKeys: readonly string[], { prefix, delimiter, after, maxKeys }: PageOptions): Page {
  const entryOf = (key: string): string => {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    return end < 0 ? key : key.slice(0, end + delimiter.length);
  };
  const last = Buffer.from(after);
  const entries = new Set<string>();
  for (const key of allKeys) {
    const entry = entryOf(key);
    if (Buffer.compare(Buffer.from(entry), last) > 0) entries.add(entry);
    if (entries.size > maxKeys) break;
  }
  const listed = [...entries].slice(0, maxKeys);
  const isPrefix = (entry: string): boolean => delimiter !== '' && entry.indexOf(delimiter, prefix.length) >= 0;
  return {
    keys: listed.filter((entry) => !isPrefix(entry)),
    prefixes: listed.filter(isPrefix),
    next: entries.size > maxKeys ? (listed.at(-1) ?? null) : null,
  };
}

/** An object that vanishes while it is listed is left out, as if the listing had come later. */
async function headAll(files: ObjectFiles, bucket: string, keys: readonly string[]): Promise<readonly StoredObject[]> {
  const objects: StoredObject[] = [];
  for (const key of keys) {
    const object = await files.head(bucket, key).catch((error: unknown) => {
      if (error instanceof ServiceError && error.code === 'NoSuchKey') return undefined;
      throw error;
    });
    if (object !== undefined) objects.push(object);
  }
  return objects;
}

function renderObject(object: StoredObject, encode: (key: string) => string): string {
  return `<Contents>${[
    `<Key>${encode(object.key)}</Key>`,
    element('LastModified', object.lastModified.toISOString()),
    element('ETag', `"${object.etag}"`),
    element('Size', String(object.size)),
    element('StorageClass', 'STANDARD'),
  ].join('')}</Contents>`;
}

const encodeKey = (key: string): string => encodeURIComponent(key).replaceAll('%2F', '/');
