import { UserError } from '../lib/errors/user-error.ts';
import { systemErrorCode } from './state/system-error.ts';

/** Whether a system call failed for want of space or quota, here or in a cause. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ['ENOSPC', 'EDQUOT'].includes(systemErrorCode(error) ?? '') || isDiskFull(error.cause);
}

export const diskFullError = (folder: string, cause: unknown): UserError =>
  new UserError({
    code: 'disk-full',
    message: `no space is left on the disk of ${folder}`,
    resolution: 'free some space, then repeat the command: the next attempt goes on from what is published',
    cause,
  });
