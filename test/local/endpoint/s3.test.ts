import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { allow, localEndpoint, roleOf } from '../../support/local-endpoint.ts';

const put = (s3: S3Client, key: string, body: string, condition: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket: 'lake', Key: key, Body: body, ...condition }));

const read = async (s3: S3Client, key: string, range?: string) => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'lake', Key: key, ...(range && { Range: range }) }));
  return Body?.transformToString();
};

describe('objects', () => {
  test('an object is a plain file, and its ETag the MD5 of its bytes', async () => {
    const { s3, state } = await localEndpoint();

    const { ETag } = await put(s3(), 'raw/flights/day=1/a b+c.csv', 'hello');

    const md5 = createHash('md5').update('hello').digest('hex');
    expect(ETag).toBe(`"${md5}"`);
    expect(await readFile(join(state.objects, 'lake/raw/flights/day=1/a b+c.csv'), 'utf8')).toBe('hello');
    const head = await s3().send(new HeadObjectCommand({ Bucket: 'lake', Key: 'raw/flights/day=1/a b+c.csv' }));
    expect(head).toMatchObject({ ContentLength: 5, ETag });
    expect(await read(s3(), 'raw/flights/day=1/a b+c.csv')).toBe('hello');
  });

  test('a file that another tool wrote or changed is the object', async () => {
    const { s3, state } = await localEndpoint();
    await mkdir(join(state.objects, 'lake/raw'), { recursive: true });
    await writeFile(join(state.objects, 'lake/raw/x.csv'), 'one');
    const before = await s3().send(new HeadObjectCommand({ Bucket: 'lake', Key: 'raw/x.csv' }));

    await writeFile(join(state.objects, 'lake/raw/x.csv'), 'two');

    const after = await s3().send(new HeadObjectCommand({ Bucket: 'lake', Key: 'raw/x.csv' }));
    expect(await read(s3(), 'raw/x.csv')).toBe('two');
    expect(after.ETag).not.toBe(before.ETag);
  });

  test('an upload whose size is not known arrives without its framing', async () => {
    const { s3 } = await localEndpoint();
    const chunks = ['first,', 'second,'.repeat(40_000), 'last'];

    await s3().send(
      new PutObjectCommand({
        Bucket: 'lake',
        Key: 'streamed',
        Body: Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
        ContentLength: chunks.join('').length,
      }),
    );

    expect(await read(s3(), 'streamed')).toBe(chunks.join(''));
  });

  test('a body that differs from its checksum is refused and leaves nothing behind', async () => {
    const { s3, objects } = await localEndpoint();

    await expect(put(s3(), 'x', 'hello', { ChecksumCRC32: 'AAAAAA==' })).rejects.toMatchObject({ name: 'BadDigest' });

    expect(await objects.listKeys('lake', '')).toEqual([]);
  });

  test('a range gives its bytes, both ends inclusive', async () => {
    const { s3 } = await localEndpoint();
    await put(s3(), 'digits', '0123456789');

    expect(await read(s3(), 'digits', 'bytes=2-4')).toBe('234');
    expect(await read(s3(), 'digits', 'bytes=7-')).toBe('789');
    expect(await read(s3(), 'digits', 'bytes=-2')).toBe('89');
    await expect(read(s3(), 'digits', 'bytes=10-')).rejects.toMatchObject({ name: 'InvalidRange' });
  });

  test('an empty object can be written and read', async () => {
    const { s3 } = await localEndpoint();
    await put(s3(), 'empty', '');
    expect(await read(s3(), 'empty')).toBe('');
  });

  test('what is absent is NoSuchKey, what was deleted too, and deleting it again is fine', async () => {
    const { s3 } = await localEndpoint();
    await put(s3(), 'x', 'hello');

    await s3().send(new DeleteObjectCommand({ Bucket: 'lake', Key: 'x' }));
    await s3().send(new DeleteObjectCommand({ Bucket: 'lake', Key: 'x' }));

    await expect(read(s3(), 'x')).rejects.toMatchObject({ name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } });
    await expect(s3().send(new GetObjectCommand({ Bucket: 'none', Key: 'x' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
  });
});

describe('conditional writes', () => {
  test('of sixteen writers that create one object exactly one wins', async () => {
    const { s3 } = await localEndpoint();
    const racers = Array.from({ length: 16 }, (_, index) => `racer ${index}`);

    const results = await Promise.allSettled(
      racers.map((body) => put(s3(), 'manifest.json', body, { IfNoneMatch: '*' })),
    );

    const winners = racers.filter((_, index) => results[index]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(await read(s3(), 'manifest.json')).toBe(winners[0]);
    const losers = results.filter((result) => result.status === 'rejected');
    for (const { reason } of losers) {
      expect(reason).toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
    }
  });

  test('of sixteen writers that replace one version exactly one wins', async () => {
    const { s3 } = await localEndpoint();
    const { ETag } = await put(s3(), 'ledger.json', 'start');
    const racers = Array.from({ length: 16 }, (_, index) => `racer ${index}`);

    const results = await Promise.allSettled(racers.map((body) => put(s3(), 'ledger.json', body, { IfMatch: ETag })));

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const winner = racers.find((_, index) => results[index]?.status === 'fulfilled');
    expect(await read(s3(), 'ledger.json')).toBe(winner);
  });

  test('what does not exist cannot be replaced', async () => {
    const { s3 } = await localEndpoint();
    await expect(put(s3(), 'x', 'hello', { IfMatch: '"abc"' })).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('listings', () => {
  test('come in pages, in the order of the keys’ UTF-8 bytes', async () => {
    const { s3, state } = await localEndpoint();
    const keys = ['a-b', 'a/b', 'a/ä', 'a/z', 'b', 'z/\u{1F600}', 'z/\uFF5E'];
    for (const key of keys) {
      await mkdir(join(state.objects, 'lake', key, '..'), { recursive: true });
      await writeFile(join(state.objects, 'lake', key), key);
    }

    const listed: string[] = [];
    for await (const page of paginateListObjectsV2({ client: s3(), pageSize: 2 }, { Bucket: 'lake' })) {
      expect(page.Contents?.length).toBeLessThanOrEqual(2);
      listed.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
    }

    expect(listed).toEqual(keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  });

  test('with a delimiter show folders once, across pages too', async () => {
    const { s3 } = await localEndpoint();
    for (const key of ['raw/2001-01-01/a.csv', 'raw/2001-01-01/b.csv', 'raw/2001-01-02/a.csv', 'raw/readme', 'other']) {
      await put(s3(), key, key);
    }

    const folders: string[] = [];
    const files: string[] = [];
    const asked = { Bucket: 'lake', Prefix: 'raw/', Delimiter: '/' };
    for await (const page of paginateListObjectsV2({ client: s3(), pageSize: 1 }, asked)) {
      folders.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ''));
      files.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
    }

    expect(folders).toEqual(['raw/2001-01-01/', 'raw/2001-01-02/']);
    expect(files).toEqual(['raw/readme']);
  });

  test('match prefixes within a name, and are empty where nothing lies', async () => {
    const { s3 } = await localEndpoint();
    await put(s3(), 'models/t0-a/x', '1');
    await put(s3(), 'models/t1-b/x', '1');

    const found = await s3().send(new ListObjectsV2Command({ Bucket: 'lake', Prefix: 'models/t1' }));
    const none = await s3().send(new ListObjectsV2Command({ Bucket: 'lake', Prefix: 'nothing/here/' }));

    expect(found.Contents?.map(({ Key }) => Key)).toEqual(['models/t1-b/x']);
    expect(none).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });
});

describe('refusals', () => {
  test.each(['../outside', 'a/../../outside', 'a//b', './a', 'folder/', 'back\\slash'])('the key %j', async (key) => {
    const { s3, state } = await localEndpoint();

    await expect(put(s3(), key, 'x')).rejects.toMatchObject({
      name: expect.stringMatching(/NotImplemented|NoSuchBucket/),
    });

    await expect(readFile(join(state.objects, 'outside'))).rejects.toThrow('ENOENT');
  });

  test('a path that climbs out of the bucket by escapes finds no file', async () => {
    const { url, s3 } = await localEndpoint();
    await put(s3(), 'x', 'x');
    const authorization = 'AWS4-HMAC-SHA256 Credential=administrator/20260101/us-east-1/s3/aws4_request';
    const headers = { authorization, 'x-amz-security-token': 'token-of-this-run' };

    const answer = await fetch(`${url}/lake/..%2f..%2flock`, { headers });

    expect(answer.status).toBe(501);
  });

  test('an object whose name is a folder already', async () => {
    const { s3 } = await localEndpoint();
    await put(s3(), 'p/q', 'x');
    await expect(put(s3(), 'p', 'x')).rejects.toMatchObject({ name: 'NotImplemented' });
    await expect(put(s3(), 'p/q/r', 'x')).rejects.toMatchObject({ name: 'NotImplemented' });
  });

  test('operations and headers that are not kept, by name', async () => {
    const { s3 } = await localEndpoint();
    const tagging = new PutObjectTaggingCommand({ Bucket: 'lake', Key: 'x', Tagging: { TagSet: [] } });
    const multipart = new CreateMultipartUploadCommand({ Bucket: 'lake', Key: 'x' });

    await expect(s3().send(tagging)).rejects.toThrow('tagging');
    await expect(s3().send(multipart)).rejects.toThrow('uploads');
    await expect(put(s3(), 'x', 'x', { Metadata: { a: 'b' } })).rejects.toThrow('x-amz-meta-a');
  });

  test('callers of another run', async () => {
    const { url } = await localEndpoint();
    const authorization = 'AWS4-HMAC-SHA256 Credential=administrator/20260101/us-east-1/s3/aws4_request';

    const answer = await fetch(`${url}/lake?list-type=2`, { headers: { authorization } });

    expect(answer.status).toBe(403);
  });
});

describe('policies', () => {
  const reader = roleOf('reader', allow('s3:GetObject', 'arn:aws:s3:::lake/curated/*'));
  const lister = roleOf(
    'lister',
    allow('s3:GetObject', 'arn:aws:s3:::lake/*'),
    allow('s3:ListBucket', 'arn:aws:s3:::lake'),
  );

  test('a denial names role, action and resource', async () => {
    const { s3 } = await localEndpoint({ roles: [reader] });

    const written = put(s3('reader'), 'curated/x', 'x');

    await expect(written).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringMatching(
        /role\/reader is not authorized to perform: s3:PutObject on resource: .*lake\/curated\/x/,
      ),
    });
  });

  test('who may not list is not told that an object does not exist', async () => {
    const { s3 } = await localEndpoint({ roles: [reader, lister] });

    await expect(read(s3('reader'), 'curated/absent')).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(read(s3('lister'), 'curated/absent')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('an encrypted bucket asks for its key too', async () => {
    const keyArn = 'arn:aws:kms:us-east-1:000000000000:key/lake';
    const withKey = roleOf(
      'with-key',
      allow('s3:PutObject', '*'),
      allow(['kms:GenerateDataKey', 'kms:Decrypt'], keyArn),
    );
    const withoutKey = roleOf('without-key', allow('s3:PutObject', '*'));
    const { s3 } = await localEndpoint({ roles: [withKey, withoutKey], buckets: [{ name: 'lake', keyArn }] });

    await put(s3('with-key'), 'x', 'x');

    await expect(put(s3('without-key'), 'x', 'x')).rejects.toThrow('kms:GenerateDataKey');
  });

  test('nobody is an unknown role', async () => {
    const { s3 } = await localEndpoint();
    await expect(put(s3('stranger'), 'x', 'x')).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
