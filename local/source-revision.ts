import type { SourceRevision } from '../lib/contracts/run-input.ts';
import { runCommand } from './command.ts';

/** The commit of the project's work tree and whether the tree equals it; no commit outside a repository. */
export async function sourceRevision(project: string): Promise<SourceRevision> {
  const [head, status] = await Promise.all([
    runCommand('git', ['rev-parse', 'HEAD'], { directory: project }),
    runCommand('git', ['status', '--porcelain'], { directory: project }),
  ]);
  if (head.exitCode !== 0) return { commit: null, clean: false };
  return { commit: head.output.trim(), clean: status.exitCode === 0 && status.output === '' };
}
