const UNITS = [
  ['d', 86_400_000_000],
  ['h', 3_600_000_000],
  ['m', 60_000_000],
  ['s', 1_000_000],
  ['us', 1],
] as const;

const HOURS_UNTIL_DAYS = 48;

/** A length as part of a name: `7d`, `24h`, `90m`; whole days below two are counted in hours. */
export function lengthText(microseconds: number): string {
  const [unit, size] =
    UNITS.find(([name, length]) => microseconds % length === 0 && (name !== 'd' || isLong(microseconds))) ?? UNITS[4];
  return `${microseconds / size}${unit}`;
}

const isLong = (microseconds: number): boolean => microseconds >= HOURS_UNTIL_DAYS * 3_600_000_000;
