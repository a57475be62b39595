import type { Diagnostic } from '../../errors/diagnostic.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { isSet, notKnown, type Setting, settingIn } from '../meters/setting.ts';

const FIX = 'set CheckpointConfig, and write a checkpoint every few minutes; or leave EnableManagedSpotTraining out';

/**
 * Managed spot without checkpoints starts over at each interruption, and pays for all of it: a long job may never end.
 * How long the interval may be is decided by what is expected of interruptions, see `expectSpotJob`.
 */
export function requireCheckpoints(definition: Setting): readonly Diagnostic[] {
  const checkpoints = settingIn(definition, 'CheckpointConfig');
  const unknown = notKnown(checkpoints, FIX);
  if (unknown !== undefined) return [unknown];
  if (isSet(checkpoints)) return [];
  const message = 'is not set: managed spot starts over at each interruption';
  return [costDiagnostic('spot-without-checkpoints', { at: checkpoints.at, message, fix: FIX })];
}
