import { spawnSync } from 'node:child_process';
import type { SourceRevision } from '../lib/contracts/run-input.ts';
import { type GitAnswer, REVISION_QUERIES, readSourceRevision } from '../lib/contracts/source-revision.ts';

/** The revision of the work tree that is synthesized. */
export function sourceRevision(folder: string): SourceRevision {
  const git = (args: readonly string[]): GitAnswer => {
    const { status, stdout } = spawnSync('git', args, { cwd: folder, encoding: 'utf8' });
    return { exitCode: status, output: stdout };
  };
  return readSourceRevision(git(REVISION_QUERIES.head), git(REVISION_QUERIES.status));
}
