import { isSet, type Setting, settingIn } from './setting.ts';

/** The properties of one job, with what its task sets in their place. */
export interface GlueRun {
  readonly job: Setting;
  readonly task: Setting;
}

/** A property of a run: that of the task where it sets one, else that of the job. */
export function settingOf({ job, task }: GlueRun, field: string): Setting {
  const override = settingIn(task, field);
  return isSet(override) ? { ...override, source: 'override' } : settingIn(job, field);
}
