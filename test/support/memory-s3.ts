import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';

/** Called around every request: `before` may hold it back, `after` may lose its answer. */
export interface Wire {
  readonly before: (call: string) => Promise<void>;
  readonly after: (call: string) => void;
}

export const DIRECT: Wire = { before: async () => {}, after: () => {} };

/** S3 as far as handlers use it: strongly consistent, conditional writes, listings in pages of three. */
export class MemoryS3 {
  readonly objects = new Map<string, Buffer>();
  wire: Wire = DIRECT;
  readonly #mock = mockClient(S3Client);

  constructor() {
    this.#mock.on(GetObjectCommand).callsFake(async ({ Bucket, Key }) => {
      await this.wire.before(`get ${Key}`);
      return this.#get(`${Bucket}/${Key}`);
    });
    this.#mock.on(PutObjectCommand).callsFake(async (input: PutObjectCommandInput) => {
      await this.wire.before(`put ${input.Key}`);
      this.#put(input);
      this.wire.after(`put ${input.Key}`);
      return {};
    });
    this.#mock.on(ListObjectsV2Command).callsFake(async ({ Bucket, Prefix = '', ContinuationToken = '' }) => {
      await this.wire.before(`list ${Prefix}`);
      return this.#list(`${Bucket}/`, Prefix, ContinuationToken);
    });
  }

  /** Puts JSON, text or bytes; the path is `<bucket>/<key>`. */
  write(path: string, content: unknown): string {
    const bytes =
      content instanceof Buffer ? content : Buffer.from(typeof content === 'string' ? content : render(content));
    this.objects.set(path, bytes);
    return createHash('sha256').update(bytes).digest('hex');
  }

  json(path: string): unknown {
    const bytes = this.objects.get(path);
    return bytes === undefined ? undefined : JSON.parse(bytes.toString());
  }

  paths(prefix = ''): readonly string[] {
    return [...this.objects.keys()].filter((path) => path.startsWith(prefix)).toSorted();
  }

  /** Everything that lies there, comparable. */
  snapshot(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.paths().map((path) => [path, this.objects.get(path)?.toString() ?? '']));
  }

  restore(): void {
    this.#mock.restore();
  }

  #get(path: string): Partial<GetObjectCommandOutput> {
    const bytes = this.objects.get(path);
    if (bytes === undefined) throw failure('NoSuchKey', 404);
    const stream = Readable.from([bytes.subarray(0, 5), bytes.subarray(5)]);
    const Body = Object.assign(stream, { transformToByteArray: async () => new Uint8Array(bytes) });
    // Only what handlers use of the SDK's stream.
    return { Body: Body as unknown as NonNullable<GetObjectCommandOutput['Body']>, ETag: etagOf(bytes) };
  }

  #put({ Bucket, Key, Body, IfNoneMatch, IfMatch }: PutObjectCommandInput): void {
    const path = `${Bucket}/${Key}`;
    const present = this.objects.get(path);
    if (IfNoneMatch === '*' && present !== undefined) throw failure('PreconditionFailed', 412);
    if (IfMatch !== undefined && present === undefined) throw failure('NoSuchKey', 404);
    if (IfMatch !== undefined && present !== undefined && etagOf(present) !== IfMatch) {
      throw failure('PreconditionFailed', 412);
    }
    this.objects.set(path, Buffer.from(String(Body)));
  }

  #list(bucket: string, prefix: string, after: string) {
    const keys = this.paths(`${bucket}${prefix}`).map((path) => path.slice(bucket.length));
    const rest = keys.filter((key) => key > after);
    const page = rest.slice(0, 3);
    return {
      Contents: page.map((Key) => {
        const bytes = this.objects.get(bucket + Key) ?? Buffer.of();
        return { Key, Size: bytes.length, ETag: etagOf(bytes) };
      }),
      ...(rest.length > page.length ? { NextContinuationToken: page.at(-1), IsTruncated: true } : {}),
    };
  }
}

const render = (value: unknown): string => JSON.stringify(value);
const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

function failure(name: string, httpStatusCode: number): S3ServiceException {
  return new S3ServiceException({ name, $fault: 'client', $metadata: { httpStatusCode }, message: name });
}
