import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../lib/errors/user-error.ts';

const MOST_TRIES = 30;
const LONGEST_PAUSE_MILLISECONDS = 500;

/** A turn that lost against another writer, as opposed to one that ended. */
export const LOST = Symbol('lost');

/**
 * Takes turns of read, decide, conditional write until one is not lost, with growing pauses of random length.
 * @throws UserError `contended-object`
 */
export async function untilWon<Result>(subject: string, turn: () => Promise<Result | typeof LOST>): Promise<Result> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const result = await turn();
    if (result !== LOST) return result;
    await pause(Math.random() * Math.min(LONGEST_PAUSE_MILLISECONDS, 2 ** tries));
  }
  throw new UserError({
    code: 'contended-object',
    message: `${subject} changed ${MOST_TRIES} times while it was being written`,
    resolution: 'start the slot again when fewer runs are starting',
  });
}
