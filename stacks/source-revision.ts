import { spawnSync } from 'node:child_process';

/** The commit of the work tree that is synthesized, and whether the tree equals it; no commit outside a repository. */
export function sourceRevision(folder: string): { readonly commit: string | null; readonly clean: boolean } {
  const git = (...args: readonly string[]) => spawnSync('git', args, { cwd: folder, encoding: 'utf8' });
  const head = git('rev-parse', 'HEAD');
  if (head.status !== 0) return { commit: null, clean: false };
  return { commit: head.stdout.trim(), clean: git('status', '--porcelain').stdout === '' };
}
