import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HANDLER_NAMES } from '../../lib/runs/handlers.ts';
import { buildLambdas } from '../../scripts/build-lambdas.ts';

const output = mkdtempSync(join(tmpdir(), 'lambdas-'));
const fileOf = (folder: string, name: string): string => join(output, folder, name, 'index.mjs');
const digestOf = (folder: string, name: string): string =>
  createHash('sha256')
    .update(readFileSync(fileOf(folder, name)))
    .digest('hex');

beforeAll(async () => {
  await buildLambdas(join(output, 'one'));
  await buildLambdas(join(output, 'two'));
});
afterAll(() => rmSync(output, { recursive: true }));

describe('the bundles', () => {
  it.each(HANDLER_NAMES)('%s is one small module with a handler, the same bytes each time', async (name) => {
    const module: unknown = await import(/* @vite-ignore */ pathToFileURL(fileOf('one', name)).href);

    expect(module).toHaveProperty('handler');
    expect(digestOf('two', name)).toBe(digestOf('one', name));
    expect(readFileSync(fileOf('one', name)).length).toBeLessThan(600_000);
    expect(readFileSync(fileOf('one', name), 'utf8')).not.toContain(process.cwd());
  });
});
