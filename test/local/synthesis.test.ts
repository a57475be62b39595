import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunMessage } from '../../local/host.ts';
import { stateDirectory } from '../../local/state/state-directory.ts';
import { synthesize } from '../../local/synthesis.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A project whose app is the program; each call synthesizes and gives the kinds of messages. */
async function project(app: string) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'cdk.json'), JSON.stringify({ app: 'node app.mjs', context: { colour: 'blue' } }));
  await writeFile(join(folder, 'app.mjs'), app);
  const state = stateDirectory(folder);
  const run = async (): Promise<readonly string[]> => {
    const messages: RunMessage[] = [];
    await synthesize(folder, state, { notify: (message) => messages.push(message) }, new AbortController().signal);
    return messages.map(({ kind }) => kind);
  };
  return { folder, state, run };
}

const WRITING_APP = `
import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync(process.env.CDK_OUTDIR, { recursive: true });
writeFileSync(process.env.CDK_OUTDIR + '/manifest.json', process.env.CDK_CONTEXT_JSON);
`;

describe('synthesis', () => {
  test('runs the app with its context, and again only when a source has changed', async () => {
    const { folder, state, run } = await project(WRITING_APP);

    expect(await run()).toEqual(['synthesis-started', 'synthesis-ended']);
    expect(JSON.parse(await readFile(join(state.assembly, 'manifest.json'), 'utf8'))).toEqual({ colour: 'blue' });
    expect(await run()).toEqual(['synthesis-skipped']);

    await writeFile(join(folder, 'pipeline.ts'), 'export default 1;');
    expect(await run()).toEqual(['synthesis-started', 'synthesis-ended']);
  });

  test('passes on what the app says with its fix', async () => {
    const { run } = await project(
      `process.stderr.write('error: the definition has 2 problems\\na: x\\n  fix: y\\nb: z\\n  fix: correct each place\\n'); process.exit(1);`,
    );
    await expect(run()).rejects.toMatchObject({
      code: 'synthesis-failed',
      message: 'the definition has 2 problems\na: x\n  fix: y\nb: z',
      resolution: 'correct each place',
    });
  });

  test('shows what an app throws without its stack, and tries again the next time', async () => {
    const { run } = await project(`throw new TypeError('columns is not a function');`);
    const message = await run().then(String, ({ message: text }: Error) => text);
    expect(message).toContain('TypeError: columns is not a function');
    expect(message).not.toMatch(/^\s+at /m);
    await expect(run()).rejects.toThrow('failed');
  });

  test('needs an app', async () => {
    const folder = await temporaryFolder();
    const run = () =>
      synthesize(folder, stateDirectory(folder), { notify: () => undefined }, new AbortController().signal);
    await expect(run()).rejects.toMatchObject({ code: 'missing-app' });
    await writeFile(join(folder, 'cdk.json'), '{');
    await expect(run()).rejects.toMatchObject({ code: 'missing-app' });
    await writeFile(join(folder, 'cdk.json'), '{}');
    await expect(run()).rejects.toThrow('names no app');
  });
});
