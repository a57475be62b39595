import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCE = join(ROOT, 'lambdas');
const OUTPUT = join(ROOT, 'dist', 'lambdas');

/** The SDK's CommonJS parts look for `require`, which a module does not have. */
const BANNER = "import{createRequire as c}from'node:module';const require=c(import.meta.url);";

/**
 * In Lambda credentials come from the environment, and so they do on the laptop: the chain of the other providers
 * (profiles, single sign-on, instance metadata) is a third of a bundle and is never asked.
 */
const ALIASES = { '@aws-sdk/credential-provider-node': join(SOURCE, 'environment-credentials.ts') };

/** The functions: every folder of lambdas/ with a handler. */
export const functionNames = (): readonly string[] =>
  readdirSync(SOURCE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();

/**
 * One module a function at `dist/lambdas/<name>/index.mjs`; the same sources give the same bytes on any machine. What
 * is unchanged is left alone and what changed is replaced in one step, so that a synthesis at the same time reads
 * whole files.
 */
export async function buildLambdas(output: string = OUTPUT): Promise<void> {
  const names = functionNames();
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: names.map((name) => ({ in: join(SOURCE, name, 'handler.ts'), out: join(name, 'index') })),
    outdir: output,
    outExtension: { '.js': '.mjs' },
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    banner: { js: BANNER },
    alias: ALIASES,
    logLevel: 'warning',
  });
  for (const { path, contents } of outputFiles) replaceFile(path, contents);
  for (const name of readdirSync(output)) {
    if (!names.includes(name) && !name.endsWith('.tmp')) rmSync(join(output, name), { recursive: true });
  }
}

function replaceFile(path: string, contents: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  // Beside the function's folder, which is staged as it is.
  const temporary = `${dirname(path)}.${process.pid}.tmp`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}

if (import.meta.main) await buildLambdas();
