import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What a command took: wall time in seconds, peak memory of its whole process tree in MB, what it printed and reported. */
export interface Measurement {
  readonly seconds: number;
  readonly peakMegabytes: number;
  /** `stopped`: it reached its limit, and was killed with all below it. */
  readonly exitCode: number | 'stopped';
  readonly output: string;
  readonly errors: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** How long it may take. */
  readonly limitSeconds?: number;
}

const SAMPLE_MILLISECONDS = 200;

/** Runs a command to its end or its limit; memory is the greatest sum over its tree, sampled five times a second. */
export async function measure(command: readonly string[], options: CommandOptions): Promise<Measurement> {
  const { cwd, env, limitSeconds = Number.POSITIVE_INFINITY } = options;
  const [program = '', ...args] = command;
  const started = process.hrtime.bigint();
  const elapsed = (): number => Number(process.hrtime.bigint() - started) / 1e9;
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  let peak = 0;
  let stopped = false;
  const sampler = setInterval(() => {
    const tree = processTree(child.pid ?? 0);
    peak = Math.max(
      peak,
      [...tree.values()].reduce((total, megabytes) => total + megabytes, 0),
    );
    stopped ||= elapsed() > limitSeconds;
    if (stopped) for (const pid of tree.keys()) kill(pid);
  }, SAMPLE_MILLISECONDS);
  const exitCode = await new Promise<number>((done, fail) => {
    child.on('error', fail).on('close', (code) => done(code ?? 1));
  });
  clearInterval(sampler);
  const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString();
  return {
    seconds: elapsed(),
    peakMegabytes: peak,
    exitCode: stopped ? 'stopped' : exitCode,
    output: text(output),
    errors: text(errors),
  };
}

/** Resident megabytes of a process and of all below it, by process id, from /proc. */
function processTree(root: number): ReadonlyMap<number, number> {
  const parents = new Map<number, number>();
  const resident = new Map<number, number>();
  for (const pid of processIds()) {
    const status = readStatus(pid);
    parents.set(pid, Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0));
    resident.set(pid, Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
  }
  const belongs = (pid: number): boolean => pid === root || (pid > 1 && belongs(parents.get(pid) ?? 0));
  return new Map([...resident].filter(([pid]) => belongs(pid)));
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!isNamed(error, 'ESRCH')) throw error;
  }
}

function processIds(): readonly number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** A process may end between the listing and the reading. */
function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch (error) {
    if (isNamed(error, 'ENOENT') || isNamed(error, 'ESRCH')) return '';
    throw error;
  }
}

const isNamed = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
