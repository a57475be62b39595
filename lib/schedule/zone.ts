/** A minute as the clocks of a place show it. */
export interface LocalMinute {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const HOUR = 3_600_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, format);
  return format;
}

/** Whether it is a zone that this machine knows (IANA name). */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** How far the clocks of the zone are ahead of UTC at a moment (UTC milliseconds, a whole second): milliseconds. */
export const offsetAt = (utc: number, zone: string): number => wallTimeOf(utc, zone) - utc;

/** What the clocks of the zone show, read as if it were UTC: milliseconds. Whole seconds. */
function wallTimeOf(utc: number, zone: string): number {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(utc)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/**
 * When the clocks of the zone show the minute: UTC milliseconds. The first of two moments where the clocks go back;
 * undefined where they skip it.
 */
export function toUtc({ year, month, day, hour, minute }: LocalMinute, zone: string): number | undefined {
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  const offsets = [wall - 24 * HOUR, wall + 24 * HOUR].map((near) => wallTimeOf(near, zone) - near);
  const candidates = offsets.map((offset) => wall - offset).filter((utc) => wallTimeOf(utc, zone) === wall);
  return candidates.length > 0 ? Math.min(...candidates) : undefined;
}
