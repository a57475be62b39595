import type { SourceRevision } from '../lib/contracts/run-input.ts';
import { runCommand } from './command.ts';
import { STATE_FOLDER } from './state/state-directory.ts';

/**
 * The commit of the project's work tree and whether the tree equals it, but for what runs leave in the state directory;
 * no commit outside a repository.
 */
export async function sourceRevision(project: string): Promise<SourceRevision> {
  const [head, status] = await Promise.all([
    runCommand('git', ['rev-parse', 'HEAD'], { directory: project }),
    runCommand('git', ['status', '--porcelain', '--', ':/', `:(exclude)${STATE_FOLDER}`], { directory: project }),
  ]);
  if (head.exitCode !== 0) return { commit: null, clean: false };
  return { commit: head.output.trim(), clean: status.exitCode === 0 && status.output === '' };
}
