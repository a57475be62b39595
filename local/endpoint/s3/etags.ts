import { createHash } from 'node:crypto';
import { type BigIntStats, createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { isObject, textAt } from '../../cloudformation/template.ts';
import { writeTextFile } from '../../state/json-file.ts';

interface KnownEtag {
  /** Size, time of change and inode: another version of the file has another one. */
  readonly version: string;
  readonly etag: string;
}

/** MD5 of files, remembered for as long as size, time of change and inode stay the same. */
export class EtagCache {
  readonly #known = new Map<string, KnownEtag>();
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
    for (const [path, entry] of Object.entries(isObject(entries) ? entries : {})) {
      const [version, etag] = isObject(entry) ? [textAt(entry, 'version'), textAt(entry, 'etag')] : [];
      if (version !== undefined && etag !== undefined) this.#known.set(path, { version, etag });
    }
  }

  async save(): Promise<void> {
    if (this.#isChanged) await writeTextFile(this.#file, JSON.stringify(Object.fromEntries(this.#known)));
    this.#isChanged = false;
  }

  /** The MD5 of the file, 32 hexadecimal digits, without quotes. */
  async etagOf(path: string, stats: BigIntStats): Promise<string> {
    const known = this.#known.get(path);
    if (known?.version === versionOf(stats)) return known.etag;
    const hash = createHash('md5');
    await pipeline(createReadStream(path), hash);
    const etag = hash.digest('hex');
    this.remember(path, stats, etag);
    return etag;
  }

  remember(path: string, stats: BigIntStats, etag: string): void {
    this.#known.set(path, { version: versionOf(stats), etag });
    this.#isChanged = true;
  }
}

const versionOf = ({ size, mtimeNs, ino }: BigIntStats): string => `${size} ${mtimeNs} ${ino}`;

function parseOrEmpty(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
