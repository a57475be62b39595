#!/usr/bin/env node
// Starts the command line on Node 24: on this Node when it is new enough, else on the `node` package beside us.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const compiled = join(root, 'dist/cli/main.js');
const source = join(root, 'cli/main.ts');
const main = existsSync(source) ? source : compiled;

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  // Compiled code is kept beside the installation, which halves the start; where nothing can be written, nothing is kept.
  nodeModule.enableCompileCache(join(root, 'node_modules/.cache/hundredfold'));
  await import(main);
} else {
  const node = newerNode();
  if (node === undefined) {
    process.stderr.write(
      `hundredfold needs Node ${NEEDED} or later, this is ${process.versions.node}\n` +
        `  fix: install Node ${NEEDED}, or add it to the project: npm install --save-dev node@${NEEDED}\n`,
    );
    process.exit(1);
  }
  const run = spawnSync(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exit(run.status ?? 130);
}

/** The binary of the `node` package, looked for from the current folder and from this package. */
function newerNode() {
  for (const from of [join(process.cwd(), 'package.json'), fileURLToPath(import.meta.url)]) {
    try {
      const binary = join(dirname(nodeModule.createRequire(from).resolve('node/package.json')), 'bin/node');
      if (existsSync(binary)) return binary;
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return undefined;
}
