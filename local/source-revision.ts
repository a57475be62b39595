import type { SourceRevision } from '../lib/contracts/run-input.ts';
import { REVISION_QUERIES, readSourceRevision } from '../lib/contracts/source-revision.ts';
import { runCommand } from './command.ts';

/** The revision of the project's work tree that is run. */
export async function sourceRevision(project: string): Promise<SourceRevision> {
  const [head, status] = await Promise.all([
    runCommand('git', REVISION_QUERIES.head, { directory: project }),
    runCommand('git', REVISION_QUERIES.status, { directory: project }),
  ]);
  return readSourceRevision(head, status);
}
