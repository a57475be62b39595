import { createHash } from 'node:crypto';
import { type BigIntStats, createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { isObject } from '../../cloudformation/template.ts';

/** MD5 of files, remembered for as long as size, time of change and inode stay the same. */
export class EtagCache {
  readonly #etags = new Map<string, string>();
  readonly #file: string;
  #isChanged = false;

  /** @param file where the cache is kept between runs */
  constructor(file: string) {
    this.#file = file;
  }

  /** Reads what an earlier run left; a file that cannot be read is an empty cache. */
  async load(): Promise<void> {
    const text = await readFile(this.#file, 'utf8').catch(() => '{}');
    const entries: unknown = parseOrEmpty(text);
    for (const [key, etag] of Object.entries(isObject(entries) ? entries : {})) this.#etags.set(key, String(etag));
  }

  async save(): Promise<void> {
    if (this.#isChanged) await writeFile(this.#file, JSON.stringify(Object.fromEntries(this.#etags)));
    this.#isChanged = false;
  }

  /** The MD5 of the file, 32 hexadecimal digits, without quotes. */
  async etagOf(path: string, stats: BigIntStats): Promise<string> {
    const key = identify(path, stats);
    const known = this.#etags.get(key);
    if (known !== undefined) return known;
    const hash = createHash('md5');
    await pipeline(createReadStream(path), hash);
    const etag = hash.digest('hex');
    this.remember(path, stats, etag);
    return etag;
  }

  remember(path: string, stats: BigIntStats, etag: string): void {
    this.#etags.set(identify(path, stats), etag);
    this.#isChanged = true;
  }
}

const identify = (path: string, { size, mtimeNs, ino }: BigIntStats): string => `${path}|${size}|${mtimeNs}|${ino}`;

function parseOrEmpty(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
