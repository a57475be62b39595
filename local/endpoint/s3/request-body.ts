import { createHash, type Hash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { crc32 } from 'node:zlib';
import { ServiceError } from '../service-error.ts';

/** Content that has arrived whole and undamaged in a file of its own. */
export interface ReceivedContent {
  readonly source: string;
  readonly etag: string;
}

/**
 * Writes a request's body to the path, taking off the aws-chunked framing and verifying every checksum that came with
 * it, in a header or a trailer. Where that fails no file is left: a full disk is not to be filled by halves of objects.
 *
 * @throws ServiceError BadDigest, IncompleteBody, NotImplemented (other checksum algorithms)
 */
export async function receiveContent(request: IncomingMessage, path: string): Promise<ReceivedContent> {
  try {
    return await writeContent(request, path);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function writeContent(request: IncomingMessage, path: string): Promise<ReceivedContent> {
  const trailers: Record<string, string> = {};
  const isChunked = (request.headers['x-amz-content-sha256'] ?? '').toString().startsWith('STREAMING-');
  const chunks = isChunked ? unframe(request, trailers) : request;
  const digests = digestsFor(request.headers);
  const file = await open(path, 'wx');
  let size = 0;
  try {
    for await (const chunk of chunks) {
      const bytes: Buffer = chunk;
      for (const digest of digests.values()) digest.update(bytes);
      size += bytes.length;
      await file.writeFile(bytes);
    }
  } finally {
    await file.close();
  }
  requireSize(request.headers, size);
  const actual = new Map([...digests].map(([name, digest]) => [name, digest.digest('base64')]));
  requireChecksums({ ...request.headers, ...trailers }, actual);
  return { source: path, etag: Buffer.from(actual.get('content-md5') ?? '', 'base64').toString('hex') };
}

interface Digest {
  readonly update: (bytes: Buffer) => unknown;
  readonly digest: (encoding: 'base64') => string;
}

const CHECKSUM = /^x-amz-checksum-(?!mode$|algorithm$|type$)/;

function digestsFor(headers: IncomingHttpHeaders): Map<string, Digest> {
  const announced = String(headers['x-amz-trailer'] ?? '')
    .toLowerCase()
    .split(',');
  const names = [...Object.keys(headers), ...announced.map((name) => name.trim())].filter((name) =>
    CHECKSUM.test(name),
  );
  const digests = new Map<string, Digest>([['content-md5', createHash('md5')]]);
  for (const name of names) digests.set(name, digestNamed(name));
  return digests;
}

function digestNamed(name: string): Digest | Hash {
  switch (name) {
    case 'x-amz-checksum-crc32':
      return new Crc32();
    case 'x-amz-checksum-sha256':
      return createHash('sha256');
    case 'x-amz-checksum-sha1':
      return createHash('sha1');
    default:
      throw ServiceError.notImplemented(name);
  }
}

class Crc32 implements Digest {
  #value = 0;

  update(bytes: Buffer): void {
    this.#value = crc32(bytes, this.#value);
  }

  digest(): string {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.#value);
    return bytes.toString('base64');
  }
}

function requireSize(headers: IncomingHttpHeaders, size: number): void {
  const declared = headers['x-amz-decoded-content-length'] ?? headers['content-length'];
  if (declared !== undefined && Number(declared) !== size) {
    throw new ServiceError('IncompleteBody', 400, `The body has ${size} bytes where ${String(declared)} were declared`);
  }
}

function requireChecksums(declared: IncomingHttpHeaders, actual: ReadonlyMap<string, string>): void {
  for (const [name, value] of actual) {
    const expected = declared[name];
    if (expected !== undefined && expected !== value) {
      throw new ServiceError('BadDigest', 400, `The ${name} you specified did not match the calculated checksum`);
    }
  }
}

/** Takes off aws-chunked framing: `<hex size>[;signature]\r\n<bytes>\r\n`, then `0\r\n`, then trailers. */
async function* unframe(stream: AsyncIterable<Buffer>, trailers: Record<string, string>): AsyncGenerator<Buffer> {
  const reader = new FrameReader(stream);
  for (;;) {
    const header = await reader.line();
    const size = Number.parseInt(header.split(';')[0] ?? '', 16);
    if (Number.isNaN(size)) throw new ServiceError('IncompleteBody', 400, 'The chunked body is malformed');
    if (size === 0) break;
    yield* reader.bytes(size);
    await reader.line();
  }
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const [name = '', ...value] = line.split(':');
    trailers[name.trim().toLowerCase()] = value.join(':').trim();
  }
}

class FrameReader {
  readonly #iterator: AsyncIterator<Buffer>;
  #buffered: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#iterator = stream[Symbol.asyncIterator]();
  }

  /** The text up to the next CRLF, which is consumed; what is left at the end of the stream. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#buffered.indexOf('\r\n');
      if (end >= 0)
        return this.#take(end + 2)
          .subarray(0, end)
          .toString('latin1');
      if (!(await this.#fill())) return this.#take(this.#buffered.length).toString('latin1');
    }
  }

  async *bytes(size: number): AsyncGenerator<Buffer> {
    let left = size;
    while (left > 0) {
      if (this.#buffered.length === 0 && !(await this.#fill())) {
        throw new ServiceError('IncompleteBody', 400, 'The chunked body ends within a chunk');
      }
      const part = this.#take(Math.min(left, this.#buffered.length));
      left -= part.length;
      yield part;
    }
  }

  async #fill(): Promise<boolean> {
    const next = await this.#iterator.next();
    if (next.done === true) return false;
    this.#buffered = this.#buffered.length === 0 ? next.value : Buffer.concat([this.#buffered, next.value]);
    return true;
  }

  #take(length: number): Buffer {
    const part = this.#buffered.subarray(0, length);
    this.#buffered = this.#buffered.subarray(length);
    return part;
  }
}
