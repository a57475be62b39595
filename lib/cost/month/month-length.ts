/** A month has 31 days at most. */
export const DAYS_OF_MONTH = 31n;

export const HOURS_OF_MONTH = 24n * DAYS_OF_MONTH;
