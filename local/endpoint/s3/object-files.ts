import { randomUUID } from 'node:crypto';
import type { BigIntStats, Dirent } from 'node:fs';
import { link, mkdir, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemErrorCode } from '../../state/system-error.ts';
import { ServiceError } from '../service-error.ts';
import type { EtagCache } from './etags.ts';

/** An object as a listing or a HEAD shows it. */
export interface StoredObject {
  readonly key: string;
  readonly path: string;
  readonly size: number;
  readonly etag: string;
  readonly lastModified: Date;
}

/** What must hold for a write to take place. */
export type WriteCondition =
  | { readonly kind: 'none' }
  /** If-None-Match: `*` */
  | { readonly kind: 'absent' }
  /** If-Match, without quotes. */
  | { readonly kind: 'etag'; readonly etag: string };

/**
 * Objects as plain files `<root>/<bucket>/<key>`, so that other tools can open them. One process at a time may change
 * objects with `etag` conditions: the state directory's lock sees to that; creation is atomic against any process.
 */
export class ObjectFiles {
  readonly root: string;
  readonly #temporary: string;
  readonly #etags: EtagCache;
  /** The newest write of each path, so that compare and swap is one step. */
  readonly #writes = new Map<string, Promise<unknown>>();

  constructor(options: { readonly root: string; readonly temporary: string; readonly etags: EtagCache }) {
    this.root = options.root;
    this.#temporary = options.temporary;
    this.#etags = options.etags;
  }

  /** @throws ServiceError NotImplemented for a key that cannot be a file below the bucket's folder */
  pathOf(bucket: string, key: string): string {
    const segments = key.split('/');
    const isFile = segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..');
    if (!isFile || /[\0\\]/.test(key) || key.length > 1024)
      throw ServiceError.notImplemented(`the key ${JSON.stringify(key)}`);
    return join(this.root, bucket, key);
  }

  /** A fresh path on the same file system, for content that is not an object yet. */
  async temporaryPath(): Promise<string> {
    await mkdir(this.#temporary, { recursive: true });
    return join(this.#temporary, randomUUID());
  }

  /** @throws ServiceError NoSuchKey */
  async head(bucket: string, key: string): Promise<StoredObject> {
    const path = this.pathOf(bucket, key);
    const stats = await statFile(path);
    if (stats === undefined) throw new ServiceError('NoSuchKey', 404, `The specified key does not exist: ${key}`);
    return { key, path, ...(await this.#describe(path, stats)) };
  }

  async #describe(path: string, stats: BigIntStats): Promise<Omit<StoredObject, 'key' | 'path'>> {
    return { size: Number(stats.size), etag: await this.#etags.etagOf(path, stats), lastModified: stats.mtime };
  }

  /**
   * Makes the content at `source` the object, in one step, if the condition holds; `source` is gone afterwards.
   *
   * @throws ServiceError PreconditionFailed, NoSuchKey (If-Match on an absent object)
   */
  async put(
    bucket: string,
    key: string,
    content: { readonly source: string; readonly etag: string },
    condition: WriteCondition,
  ): Promise<void> {
    const path = this.pathOf(bucket, key);
    try {
      await this.#inTurn(path, async () => {
        if (condition.kind === 'etag') await this.#requireEtag(bucket, key, condition.etag);
        await placeFile(content.source, path, condition.kind === 'absent' ? 'create' : 'replace');
        this.#etags.remember(path, await stat(path, { bigint: true }), content.etag);
      });
    } finally {
      await rm(content.source, { force: true });
    }
  }

  async #requireEtag(bucket: string, key: string, etag: string): Promise<void> {
    if ((await this.head(bucket, key)).etag !== etag) throw preconditionFailed('If-Match');
  }

  async delete(bucket: string, key: string): Promise<void> {
    const path = this.pathOf(bucket, key);
    await this.#inTurn(path, () => unlink(path)).catch((error: unknown) => {
      if (systemErrorCode(error) !== 'ENOENT') throw error;
    });
  }

  async #inTurn<T>(path: string, act: () => Promise<T>): Promise<T> {
    const before = this.#writes.get(path) ?? Promise.resolve();
    const mine = before.then(act, act);
    const settled = mine.catch(() => undefined);
    this.#writes.set(path, settled);
    try {
      return await mine;
    } finally {
      if (this.#writes.get(path) === settled) this.#writes.delete(path);
    }
  }

  /** Keys below the prefix, in the order of their UTF-8 bytes as S3 lists them. */
  async listKeys(bucket: string, prefix: string): Promise<readonly string[]> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    if (folder !== '') this.pathOf(bucket, folder.slice(0, -1));
    const entries = await readFolder(join(this.root, bucket, folder));
    const bucketRoot = join(this.root, bucket);
    const keys = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(bucketRoot.length + 1))
      .filter((key) => key.startsWith(prefix));
    return keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }
}

async function readFolder(path: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(path, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' || systemErrorCode(error) === 'ENOTDIR') return [];
    throw error;
  }
}

/** Undefined where there is no file: absent, a folder, or below a file. */
async function statFile(path: string): Promise<BigIntStats | undefined> {
  try {
    const stats = await stat(path, { bigint: true });
    return stats.isFile() ? stats : undefined;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' || systemErrorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function placeFile(source: string, path: string, mode: 'create' | 'replace'): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (error) {
    throw explainPlacement(error, path);
  }
  try {
    await (mode === 'create' ? link(source, path) : rename(source, path));
  } catch (error) {
    throw mode === 'create' && (await isFile(path))
      ? preconditionFailed('If-None-Match')
      : explainPlacement(error, path);
  }
}

const isFile = async (path: string): Promise<boolean> => (await statFile(path)) !== undefined;

/** One name cannot be a file and a folder: an object `p` beside an object `p/q`. */
function explainPlacement(error: unknown, path: string): unknown {
  return ['EEXIST', 'EISDIR', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')
    ? ServiceError.notImplemented(`an object that is also a prefix (${path})`)
    : error;
}

const preconditionFailed = (condition: string): ServiceError =>
  new ServiceError(
    'PreconditionFailed',
    412,
    `At least one of the pre-conditions you specified did not hold: ${condition}`,
  );
