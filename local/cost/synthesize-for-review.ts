import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../lib/errors/user-error.ts';
import type { RunHost } from '../host.ts';
import { lockStateDirectory } from '../state/lock.ts';
import { stateDirectory } from '../state/state-directory.ts';
import { synthesize } from '../synthesis.ts';

/** Hears of a synthesis, and of what keeps its app from being deployed. */
export interface ReviewHost extends RunHost {
  readonly tell: (text: string) => void;
}

/**
 * Synthesizes the project's app as a run does, unless nothing has changed, and tells where. An app that was synthesized
 * whole and then refused by a validation, such as that of its budget, is reviewed all the same: the review says why.
 *
 * @throws UserError missing-app, synthesis-failed, state-directory-in-use
 */
export async function synthesizeForReview(directory: string, host: ReviewHost): Promise<string> {
  const state = stateDirectory(directory);
  const lock = await lockStateDirectory(state.lock);
  try {
    await synthesize(directory, state, host, new AbortController().signal);
  } catch (error) {
    // The folder was removed before: a manifest is of this synthesis, which writes it last.
    const isWhole = existsSync(join(state.assembly, 'manifest.json'));
    if (!(error instanceof UserError && error.code === 'synthesis-failed' && isWhole)) throw error;
    host.tell(`reviewed although it is refused: ${error.message}`);
  } finally {
    await lock.release();
  }
  return state.assembly;
}
