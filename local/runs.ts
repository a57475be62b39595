import { UserError } from '../lib/errors/user-error.ts';
import { type RunRecord, RunStore } from './state/run-store.ts';
import { stateDirectory } from './state/state-directory.ts';

export type { RunRecord, RunStatus, StateVisit } from './state/run-store.ts';

/** The runs of a project's state directory, newest first. */
export const listRuns = (directory: string): Promise<readonly RunRecord[]> =>
  new RunStore(stateDirectory(directory)).list();

/** One run with its states. @throws UserError unknown-run */
export async function readRun(directory: string, execution: string): Promise<RunRecord> {
  const state = stateDirectory(directory);
  const record = await new RunStore(state).find(execution);
  if (record !== undefined) return record;
  throw new UserError({
    code: 'unknown-run',
    message: `no run is called ${JSON.stringify(execution)} in ${state.runs}`,
    resolution: 'take a name from hundredfold runs',
  });
}
