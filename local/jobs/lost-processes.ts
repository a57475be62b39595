import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../command.ts';
import { listFolder } from '../state/json-file.ts';
import { systemErrorCode } from '../state/system-error.ts';

/**
 * Remembers on disk which processes lead a group of ours, so that the next shell can end what a shell that was killed
 * has left running. A process is known by its number and the time of its start: numbers are used again.
 */
export class ProcessLedger {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async add(pid: number): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeFile(this.#pathOf(pid), await startOf(pid));
  }

  async remove(pid: number): Promise<void> {
    await rm(this.#pathOf(pid), { force: true });
  }

  /** Ends every process that is still remembered and still the same. */
  async endLostProcesses(): Promise<void> {
    for (const name of await listFolder(this.#folder)) {
      const pid = Number(name);
      const remembered = await readFile(this.#pathOf(pid), 'utf8');
      if (remembered !== '' && remembered === (await startOf(pid))) killGroup(pid);
      await this.remove(pid);
    }
  }

  #pathOf(pid: number): string {
    return join(this.#folder, String(pid));
  }
}

/** When the process started, as the system words it; empty where there is none. */
async function startOf(pid: number): Promise<string> {
  return (await runCommand('ps', ['-o', 'lstart=', '-p', String(pid)])).output.trim();
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (systemErrorCode(error) !== 'ESRCH') throw error;
  }
}
