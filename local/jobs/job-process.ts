import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemErrorCode } from '../state/system-error.ts';
import type { ProcessLedger } from './lost-processes.ts';

export interface ProcessOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
  /** The whole environment: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Receives everything that the process prints. */
  readonly logFile: string;
  /** Told of each printed line. */
  readonly onLine: (line: string) => void;
}

export interface ProcessEnd {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Seconds from start to end. */
  readonly seconds: number;
  /** Last lines of standard error, oldest first. */
  readonly lastErrors: readonly string[];
}

export interface JobProcess {
  readonly ended: Promise<ProcessEnd>;
  /** Sends SIGTERM to the process and its children, then SIGKILL after the grace; resolves when it has ended. */
  readonly stop: (graceSeconds: number) => Promise<ProcessEnd>;
}

const KEPT_ERRORS = 20;

/** The processes of this shell: each leads a group of its own, and none outlives us. */
export class ProcessGroups {
  readonly #alive = new Set<ChildProcess>();
  readonly #ledger: ProcessLedger;
  readonly #onExit = (): void => this.#killAll();

  constructor(ledger: ProcessLedger) {
    this.#ledger = ledger;
    process.once('exit', this.#onExit);
  }

  /** To be called when every process has ended. */
  close(): void {
    process.off('exit', this.#onExit);
  }

  async start(options: ProcessOptions): Promise<JobProcess> {
    await mkdir(dirname(options.logFile), { recursive: true });
    const log = createWriteStream(options.logFile, { flags: 'a' });
    const startedAt = performance.now();
    const child = spawn(options.program, options.args, {
      cwd: options.directory,
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#alive.add(child);
    const lastErrors: string[] = [];
    forwardLines(child.stdout, log, options.onLine);
    forwardLines(child.stderr, log, (line) => {
      lastErrors.push(line);
      if (lastErrors.length > KEPT_ERRORS) lastErrors.shift();
      options.onLine(line);
    });
    const remembered = child.pid === undefined ? Promise.resolve() : this.#ledger.add(child.pid);
    const ended = endOf(child, log).then(async ({ exitCode, signal }) => {
      this.#alive.delete(child);
      await remembered;
      if (child.pid !== undefined) await this.#ledger.remove(child.pid);
      return { exitCode, signal, seconds: (performance.now() - startedAt) / 1000, lastErrors };
    });
    return { ended, stop: (graceSeconds) => stop(child, ended, graceSeconds) };
  }

  /** At once, without grace: for when we must go ourselves. */
  #killAll(): void {
    for (const child of this.#alive) signalGroup(child, 'SIGKILL');
  }
}

function forwardLines(stream: Readable, log: WriteStream, onLine: (line: string) => void): void {
  createInterface({ input: stream }).on('line', (line) => {
    log.write(`${line}\n`);
    onLine(line);
  });
}

function endOf(child: ChildProcess, log: WriteStream): Promise<Pick<ProcessEnd, 'exitCode' | 'signal'>> {
  return new Promise((resolve, reject) => {
    // A full disk must not take the shell down: the log is evidence, the job's own writes fail by themselves.
    log.on('error', () => log.destroy());
    child.once('error', (error) => {
      log.end();
      reject(error);
    });
    child.once('close', (exitCode, signal) => {
      log.end();
      resolve({ exitCode, signal });
    });
  });
}

async function stop(child: ChildProcess, ended: Promise<ProcessEnd>, graceSeconds: number): Promise<ProcessEnd> {
  signalGroup(child, 'SIGTERM');
  const timer = new AbortController();
  const grace = sleep(graceSeconds * 1000, undefined, { signal: timer.signal }).then(
    () => signalGroup(child, 'SIGKILL'),
    () => undefined,
  );
  try {
    return await ended;
  } finally {
    timer.abort();
    await grace;
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (systemErrorCode(error) !== 'ESRCH') throw error;
  }
}
