import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../lib/errors/user-error.ts';
import { systemErrorCode } from './system-error.ts';

/** Held while a process changes the state directory. */
export interface StateLock {
  readonly release: () => Promise<void>;
}

/** How often to look again while others take and leave the lock. */
const TRIES = 10;

/**
 * Takes the state directory for this process. A lock whose process is gone is taken over.
 *
 * @throws UserError state-directory-in-use
 */
export async function lockStateDirectory(path: string): Promise<StateLock> {
  await mkdir(dirname(path), { recursive: true });
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await createLock(path)) return { release: () => rm(path, { force: true }) };
    const text = await readLock(path);
    if (text === undefined) continue;
    const holder = holderOf(text);
    if (holder !== undefined && isAlive(holder)) throw inUse(path, holder);
    await takeAway(path, text);
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

/**
 * Removes the lock of a process that is gone. One process at a time may, and looks again before it does: a lock that
 * somebody took meanwhile stays. Where another one is at it, there is nothing to do but to look once more.
 */
async function takeAway(path: string, text: string): Promise<void> {
  const takeover = `${path}.takeover`;
  if (!(await createLock(takeover))) return;
  try {
    if ((await readLock(path)) === text) await rm(path, { force: true });
  } finally {
    await rm(takeover, { force: true });
  }
}

/** What the lock says; undefined where there is none. */
async function readLock(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The process that wrote the lock; undefined where the text is none of ours. */
function holderOf(text: string): number | undefined {
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
