import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { ensurePythonEnvironment } from '../../local/python-environment.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

afterEach(() => vi.unstubAllEnvs());

/** A folder with programs of these names, each a shell script. */
async function programs(scripts: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }
  return folder;
}

const ensure = async (name: 'run' | 'spark') =>
  ensurePythonEnvironment({ root: await temporaryFolder(), name, notify: () => undefined });

test('an interpreter that is named must have the packages', async () => {
  const folder = await programs({ complete: 'echo', bare: 'echo duckdb xgboost' });
  vi.stubEnv('HUNDREDFOLD_PYTHON', join(folder, 'complete'));
  expect(await ensure('run')).toBe(join(folder, 'complete'));

  vi.stubEnv('HUNDREDFOLD_PYTHON', join(folder, 'bare'));
  await expect(ensure('run')).rejects.toMatchObject({
    code: 'missing-packages',
    message: expect.stringContaining('lacks duckdb xgboost'),
  });

  vi.stubEnv('HUNDREDFOLD_PYTHON', join(folder, 'absent'));
  await expect(ensure('run')).rejects.toMatchObject({ code: 'missing-packages' });
});

test('without a Python that the packages exist for, what was found is named', async () => {
  vi.stubEnv('HUNDREDFOLD_PYTHON', '');
  vi.stubEnv('PATH', await programs({ python3: 'echo 3 9' }));
  await expect(ensure('run')).rejects.toMatchObject({
    code: 'missing-python',
    message: expect.stringContaining('python3 is 3.9'),
  });
});

test.each([
  ['no Java', 'exit 127', 'no Java found'],
  ['an old Java', `echo 'openjdk version "11.0.2"' >&2`, 'is Java 11'],
])('Spark is not started on %s', async (_, script, message) => {
  vi.stubEnv('JAVA_HOME', '');
  vi.stubEnv('PATH', await programs({ java: script }));
  await expect(ensure('spark')).rejects.toMatchObject({
    code: 'missing-java',
    message: expect.stringContaining(message),
  });
});

test('an installation that fails says why, and is not taken for one', async () => {
  vi.stubEnv('HUNDREDFOLD_PYTHON', '');
  vi.stubEnv(
    'PATH',
    await programs({ python3: 'test "$1" = -c && echo 3 12 && exit 0; echo no venv here >&2; exit 1' }),
  );
  const root = await temporaryFolder();
  const install = () => ensurePythonEnvironment({ root, name: 'run', notify: () => undefined });
  await expect(install()).rejects.toMatchObject({
    code: 'failed-installation',
    message: expect.stringContaining('no venv here'),
  });
  await expect(install()).rejects.toMatchObject({ code: 'failed-installation' });
});
