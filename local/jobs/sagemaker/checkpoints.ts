import { copyFile, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemErrorCode } from '../../state/system-error.ts';
import { locate } from '../job-places.ts';
import type { JobShell } from '../job-shell.ts';
import { storeFile } from './store-file.ts';

/** Milliseconds between two looks at the folder. */
const INTERVAL = 500;

/**
 * SageMaker's checkpoint folder: filled from its S3 prefix when a job starts, copied back while it runs. What vanishes
 * here vanishes there.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/model-checkpoints.html (2026-11-20).
 */
export class CheckpointSync {
  readonly #shell: JobShell;
  readonly #uri: string;
  readonly #folder: string;
  /** Size and time of change of what is already stored, by path below the folder. */
  #stored = new Map<string, string>();

  constructor(shell: JobShell, uri: string, folder: string) {
    this.#shell = shell;
    this.#uri = uri.endsWith('/') ? uri : `${uri}/`;
    this.#folder = folder;
  }

  async restore(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const { bucket, key } = locate(this.#uri);
    for (const found of await this.#shell.objects.listKeys(bucket, key)) {
      const target = join(this.#folder, found.slice(key.length));
      await mkdir(dirname(target), { recursive: true });
      await copyFile(this.#shell.objects.pathOf(bucket, found), target);
    }
    this.#stored = await this.#scan();
  }

  /** Copies back again and again until the signal; the last time after it. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(INTERVAL, undefined, { signal }).catch(() => undefined);
      await this.#store();
    }
  }

  async #store(): Promise<void> {
    const present = await this.#scan();
    for (const [name, version] of present) {
      if (this.#stored.get(name) !== version) await this.#storeOne(name);
    }
    const { bucket, key } = locate(this.#uri);
    for (const name of this.#stored.keys()) {
      if (!present.has(name)) await this.#shell.objects.delete(bucket, `${key}${name}`);
    }
    this.#stored = present;
  }

  /** A file that is renamed away meanwhile is seen under its new name at the next look. */
  async #storeOne(name: string): Promise<void> {
    await storeFile(this.#shell, join(this.#folder, name), `${this.#uri}${name}`).catch((error: unknown) => {
      if (systemErrorCode(error) !== 'ENOENT') throw error;
    });
  }

  async #scan(): Promise<Map<string, string>> {
    const versions = new Map<string, string>();
    for (const entry of await readdir(this.#folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const stats = await stat(path).catch(() => undefined);
      if (stats !== undefined) versions.set(relative(this.#folder, path), `${stats.size} ${stats.mtimeMs}`);
    }
    return versions;
  }
}
