import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../lib/errors/user-error.ts';
import { systemErrorCode } from './system-error.ts';

/** Held while a process changes the state directory. */
export interface StateLock {
  readonly release: () => Promise<void>;
}

/**
 * Takes the state directory for this process. A lock whose process is gone is taken over.
 *
 * @throws UserError state-directory-in-use
 */
export async function lockStateDirectory(path: string): Promise<StateLock> {
  await mkdir(dirname(path), { recursive: true });
  for (let tries = 0; tries < 3; tries += 1) {
    if (await createLock(path)) return { release: () => rm(path, { force: true }) };
    const holder = await readHolder(path);
    if (holder !== undefined && isAlive(holder)) throw inUse(path, holder);
    await rm(path, { force: true });
  }
  throw inUse(path, undefined);
}

async function createLock(path: string): Promise<boolean> {
  try {
    await writeFile(path, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** The process that wrote the lock; undefined where the lock is gone or was cut off while it was written. */
async function readHolder(path: string): Promise<number | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isNaN(pid) ? undefined : pid;
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}

function inUse(path: string, holder: number | undefined): UserError {
  return new UserError({
    code: 'state-directory-in-use',
    message: `state directory in use: ${dirname(path)} is held by ${holder === undefined ? 'another process' : `process ${holder}`}`,
    resolution: `wait until that run has ended or stop it, then repeat the command; if no run is alive, delete ${path}`,
  });
}
