import { elementsOf, type Setting, settingIn } from '../meters/setting.ts';
import { numberOf } from '../templates/literal.ts';
import { isUnresolved } from '../unresolved.ts';

/** Key of the tag by which a training job states its seconds between two checkpoints. */
export const CHECKPOINT_TAG = 'CheckpointSeconds';

/** Seconds between two checkpoints as the job's tags state them, or null where they do not. */
export function checkpointSecondsOf(definition: Setting): number | null {
  for (const tag of elementsOf(settingIn(definition, 'Tags')) ?? []) {
    if (settingIn(tag, 'Key').value !== CHECKPOINT_TAG) continue;
    const seconds = numberOf(settingIn(tag, 'Value').value);
    if (seconds !== undefined && !isUnresolved(seconds) && seconds > 0n) return Number(seconds);
  }
  return null;
}
