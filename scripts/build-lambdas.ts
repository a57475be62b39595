import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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

/** One module a function at `dist/lambdas/<name>/index.mjs`; the same sources give the same bytes on any machine. */
export async function buildLambdas(output: string = OUTPUT): Promise<void> {
  rmSync(output, { recursive: true, force: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: functionNames().map((name) => ({ in: join(SOURCE, name, 'handler.ts'), out: join(name, 'index') })),
    outdir: output,
    outExtension: { '.js': '.mjs' },
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
}

if (import.meta.main) await buildLambdas();
