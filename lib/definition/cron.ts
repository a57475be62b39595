/** When runs start: five crontab fields, read in a time zone. */
export interface CronSchedule {
  readonly kind: 'cron';
  readonly fields: string;
  /** IANA name. */
  readonly zone: string;
}

/** Minute, hour, day of month, month, day of week, on the clocks of the zone. */
export const cron = (fields: string, { zone }: { readonly zone: string }): CronSchedule => ({
  kind: 'cron',
  fields,
  zone,
});
