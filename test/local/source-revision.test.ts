import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceRevision as runRevision } from '../../local/source-revision.ts';
import { sourceRevision as deployedRevision } from '../../stacks/source-revision.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const REVISIONS = [
  ['run', runRevision],
  ['deployed', deployedRevision],
] as const;

test.each(REVISIONS)(
  'the revision that is %s is the commit, and whether the tree has nothing else',
  async (_, sourceRevision) => {
    const folder = await temporaryFolder();
    const git = (...args: readonly string[]): string =>
      execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=n@example.org', ...args], {
        cwd: folder,
        encoding: 'utf8',
      }).trim();
    git('init', '-q');
    await writeFile(join(folder, 'pipeline.ts'), 'export default 1;\n');
    git('add', 'pipeline.ts');
    git('commit', '-q', '-m', 'one');
    const commit = git('rev-parse', 'HEAD');

    expect(await sourceRevision(folder)).toEqual({ commit, clean: true });

    await mkdir(join(folder, '.hundredfold'));
    await writeFile(join(folder, '.hundredfold/lock'), '1\n');
    await mkdir(join(folder, 'cdk.out'));
    await writeFile(join(folder, 'cdk.out/manifest.json'), '{}\n');
    expect(await sourceRevision(folder)).toEqual({ commit, clean: true });

    await writeFile(join(folder, 'pipeline.ts'), 'export default 2;\n');
    expect(await sourceRevision(folder)).toEqual({ commit, clean: false });
  },
);

test.each(REVISIONS)('a folder without commits has none that is %s', async (_, sourceRevision) => {
  expect(await sourceRevision(await temporaryFolder())).toEqual({ commit: null, clean: false });
});
