import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Compiles what the package ships, JavaScript and declarations, into dist/: Node strips no types under node_modules. */
const root = resolve(import.meta.dirname, '..');
for (const folder of ['lib', 'stacks', 'local', 'cli'])
  rmSync(join(root, 'dist', folder), { recursive: true, force: true });
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const compiled = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
process.exit(compiled.status ?? 1);
