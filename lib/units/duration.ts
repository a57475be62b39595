declare const brand: unique symbol;

/** A length of time: a whole number of microseconds, never negative. */
export type Duration = number & { readonly [brand]: 'Microseconds' };

const MICROSECONDS_PER_SECOND = 1_000_000;

function duration(amount: number, seconds: number, unit: string): Duration {
  const microseconds = amount * seconds * MICROSECONDS_PER_SECOND;
  if (!Number.isSafeInteger(microseconds) || microseconds < 0) {
    throw new RangeError(`${unit} == ${amount}, must be zero or more and a whole number of microseconds`);
  }
  return microseconds as Duration;
}

export const seconds = (amount: number): Duration => duration(amount, 1, 'seconds');
export const minutes = (amount: number): Duration => duration(amount, 60, 'minutes');
export const hours = (amount: number): Duration => duration(amount, 3_600, 'hours');
export const days = (amount: number): Duration => duration(amount, 86_400, 'days');

export const toSeconds = (length: Duration): number => length / MICROSECONDS_PER_SECOND;
export const toMinutes = (length: Duration): number => toSeconds(length) / 60;

/** The largest unit that divides it: `3 hours`, `90 minutes`, `7 days`. */
export function formatDuration(length: Duration): string {
  const units: readonly (readonly [string, number])[] = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
    ['second', 1],
  ];
  const total = toSeconds(length);
  const [name, size] = units.find(([, unit]) => total % unit === 0) ?? ['second', 1];
  const count = total / size;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
