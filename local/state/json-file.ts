import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemErrorCode } from './system-error.ts';

/** Replaces the file in one step: a reader sees the old text or the new one, never a part. */
export async function writeTextFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

export const writeJsonFile = (path: string, value: object): Promise<void> =>
  writeTextFile(path, `${JSON.stringify(value, undefined, 2)}\n`);

/** The file's JSON, or undefined where there is no file. The caller checks its shape. */
export async function readJsonFile(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Names of the JSON files in a folder without `.json`, sorted; none where there is no folder. */
export async function listJsonFiles(folder: string): Promise<readonly string[]> {
  const names = await listFolder(folder);
  return names.filter((name) => name.endsWith('.json')).map((name) => basename(name, '.json'));
}

/** Names in a folder, sorted; none where there is no folder. */
export async function listFolder(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** A folder of JSON documents, one file each. */
export class JsonFolder<Document extends object> {
  readonly #folder: string;
  readonly #read: (value: unknown) => Document;

  /** @param read checks a file's shape */
  constructor(folder: string, read: (value: unknown) => Document) {
    this.#folder = folder;
    this.#read = read;
  }

  async get(name: string): Promise<Document | undefined> {
    const value = await readJsonFile(this.#pathOf(name));
    return value === undefined ? undefined : this.#read(value);
  }

  put(name: string, document: Document): Promise<void> {
    return writeJsonFile(this.#pathOf(name), document);
  }

  async list(): Promise<readonly Document[]> {
    const documents = await Promise.all((await listJsonFiles(this.#folder)).map((name) => this.get(name)));
    return documents.filter((document) => document !== undefined);
  }

  #pathOf(name: string): string {
    return join(this.#folder, `${name}.json`);
  }
}
