import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
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
    await takeAway(path, holder);
  }
  throw inUse(path, undefined);
}

/** Whether the lock is ours now: it appears with its holder's number in it, never empty. */
async function createLock(path: string): Promise<boolean> {
  const own = `${path}.${randomUUID()}`;
  await writeFile(own, `${process.pid}\n`);
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

/** Removes the lock of a process that is gone; one that somebody else took meanwhile is put back. */
async function takeAway(path: string, holder: number | undefined): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    if ((await readHolder(aside)) !== holder) await link(aside, path);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

/** The process that wrote the lock; undefined where the lock is gone or is none of ours. */
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
