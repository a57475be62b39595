import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { UserError } from '../../lib/errors/user-error.ts';

/**
 * Writes a folder's files as tar.gz: names sorted, no owner, no times, so that the archive's bytes are a function of
 * the files' names and bytes. Returns the MD5 of the archive.
 */
export async function writeArchive(folder: string, target: string): Promise<string> {
  const md5 = createHash('md5');
  const header = new GzipHeader();
  await pipeline(
    Readable.from(tarBlocks(folder)),
    createGzip({ level: 6 }),
    header,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        md5.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(target),
  );
  return md5.digest('hex');
}

/** Byte 9 of a gzip stream names the system that made it; 255 is "unknown" everywhere. */
class GzipHeader extends Transform {
  #offset = 0;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    const at = 9 - this.#offset;
    this.#offset += chunk.length;
    if (at >= 0 && at < chunk.length) chunk[at] = 0xff;
    done(null, chunk);
  }
}

const BLOCK = 512;

async function* tarBlocks(folder: string): AsyncGenerator<Buffer> {
  for (const path of await listFiles(folder)) {
    const { size } = await stat(path);
    yield fileHeader(relative(folder, path), size);
    for await (const chunk of createReadStream(path)) yield chunk;
    if (size % BLOCK > 0) yield Buffer.alloc(BLOCK - (size % BLOCK));
  }
  yield Buffer.alloc(2 * BLOCK);
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Source: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html, "ustar Interchange Format" (2026-11-20). */
function fileHeader(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > 100) {
    throw new UserError({
      code: 'name-too-long',
      message: `${name} has more than 100 bytes and cannot be archived`,
      resolution: 'give the job’s output files shorter names',
    });
  }
  const header = Buffer.alloc(BLOCK);
  const fields: readonly (readonly [number, string])[] = [
    [0, name],
    [100, octal(0o644, 7)],
    [108, octal(0, 7)],
    [116, octal(0, 7)],
    [124, octal(size, 11)],
    [136, octal(0, 11)],
    [148, ' '.repeat(8)],
    [156, '0'],
    [257, 'ustar\u000000'],
  ];
  for (const [offset, text] of fields) header.write(text, offset);
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  header.write(`${octal(checksum, 6)}\0 `, 148);
  return header;
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
