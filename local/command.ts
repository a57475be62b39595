import { spawn } from 'node:child_process';

export interface CommandEnd {
  /** Null where the program could not be started or a signal ended it. */
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface CommandOptions {
  readonly directory?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/** Runs a short program, without a shell, and collects what it prints. A program that cannot start has ended badly. */
export function runCommand(
  program: string,
  args: readonly string[],
  { directory, environment, signal }: CommandOptions = {},
): Promise<CommandEnd> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(directory === undefined ? {} : { cwd: directory }),
      ...(environment === undefined ? {} : { env: environment }),
      ...(signal === undefined ? {} : { signal }),
    });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    const end = (exitCode: number | null, extra: string): void =>
      resolve({
        exitCode,
        output: Buffer.concat(output).toString('utf8'),
        errors: `${Buffer.concat(errors).toString('utf8')}${extra}`,
      });
    child.once('error', (error) => end(null, error.message));
    child.once('close', (exitCode) => end(exitCode, ''));
  });
}
