import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What a command took: wall time in seconds, peak memory of its whole process tree in MB, what it printed, and what it reported on stderr. */
export interface Measurement {
  readonly seconds: number;
  readonly peakMegabytes: number;
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

const SAMPLE_MILLISECONDS = 200;

/** Runs a command to its end; memory is the greatest sum of resident sets over its tree, sampled five times a second. */
export async function measure(command: readonly string[], { cwd, env }: CommandOptions): Promise<Measurement> {
  const [program = '', ...args] = command;
  const started = process.hrtime.bigint();
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(peak, residentMegabytes(child.pid ?? 0));
  }, SAMPLE_MILLISECONDS);
  const exitCode = await new Promise<number>((done, fail) => {
    child.on('error', fail).on('close', (code) => done(code ?? 1));
  });
  clearInterval(sampler);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString();
  return { seconds, peakMegabytes: peak, exitCode, output: text(output), errors: text(errors) };
}

/** Resident memory of a process and all below it, from /proc; 0 where there is none. */
function residentMegabytes(root: number): number {
  const parents = new Map<number, number>();
  const resident = new Map<number, number>();
  for (const pid of processIds()) {
    const status = readStatus(pid);
    parents.set(pid, Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0));
    resident.set(pid, Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
  }
  const belongs = (pid: number): boolean => pid === root || (pid > 1 && belongs(parents.get(pid) ?? 0));
  return [...resident].reduce((total, [pid, megabytes]) => (belongs(pid) ? total + megabytes : total), 0);
}

function processIds(): readonly number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** A process may end between the listing and the reading. */
function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return '';
    throw error;
  }
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
