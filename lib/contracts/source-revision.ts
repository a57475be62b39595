import type { SourceRevision } from './run-input.ts';

/** What git is asked about a work tree; what runs and syntheses leave in the project's folder is no change of its code. */
export const REVISION_QUERIES = {
  head: ['rev-parse', 'HEAD'],
  status: ['status', '--porcelain', '--', ':/', ':(exclude).hundredfold', ':(exclude)cdk.out'],
} as const;

/** How git answered; `exitCode` is null where it could not be started. */
export interface GitAnswer {
  readonly exitCode: number | null;
  readonly output: string;
}

/** The commit of a work tree and whether the tree equals it; no commit outside a repository. */
export function readSourceRevision(head: GitAnswer, status: GitAnswer): SourceRevision {
  if (head.exitCode !== 0) return { commit: null, clean: false };
  return { commit: head.output.trim(), clean: status.exitCode === 0 && status.output === '' };
}
