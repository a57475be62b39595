import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { ensureLockedPackages } from '../local/python-environment.ts';

/** The main job on real data: lands three million flights as raw CSV, then runs the pipeline's state machine here. */
const root = resolve(import.meta.dirname, '..');

async function run(program: string, args: readonly string[]): Promise<void> {
  const code = await new Promise<number>((done, fail) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit' });
    child.on('error', fail).on('close', (status) => done(status ?? 1));
  });
  if (code !== 0) process.exit(code);
}

const python = await ensureLockedPackages({
  root,
  name: 'flights',
  lockFile: join(root, 'examples/flights/requirements.txt'),
  notify: (line) => process.stdout.write(`${line}\n`),
});
await run(python, ['examples/flights/land.py', ...process.argv.slice(2)]);
await run(process.execPath, ['bin/hundredfold.mjs', 'run']);
