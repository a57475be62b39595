import type { WindowEnd, WindowProgram } from '../contracts/job-program.ts';
import type { Duration } from '../units/duration.ts';
import { lengthText } from './length-text.ts';

export interface WindowOptions {
  /** The start is rounded down to a multiple of this since 1970-01-01T00:00Z, and what lies on it is inside. */
  readonly hop?: Duration;
  /** Whether an event exactly one length before the label's time is inside; `open`, outside, where not given. */
  readonly start?: WindowEnd;
  /** Whether an event at the label's time is inside; `closed`, inside, where not given. */
  readonly end?: WindowEnd;
}

/** A window of events before a label's time, with ends of its own. */
export interface Window extends WindowOptions {
  readonly kind: 'window';
  readonly length: Duration;
}

/** The window `(t - length, t]` of label time t, or one with other ends or a start that moves in hops. */
export const window = (length: Duration, options: WindowOptions = {}): Window => ({
  ...options,
  kind: 'window',
  length,
});

/** What a view may write for a window: its length alone means `(t - length, t]`. */
export type WrittenWindow = Duration | Window;

export const windowOf = (written: WrittenWindow): Window =>
  typeof written === 'object' && written !== null ? written : window(written);

/** A window as the jobs know it. Windows that mean the same have the same suffix, and only those. */
export function windowProgram(written: WrittenWindow): WindowProgram {
  const { length, hop = null, end = 'closed', ...given } = windowOf(written);
  // A start that moves in hops lies on an event's hop, whose events are inside together.
  const start = hop === null ? (given.start ?? 'open') : 'closed';
  const window = { microseconds: length, hop, start, end };
  return { suffix: windowSuffix(window), ...window };
}

type Suffixed = Omit<WindowProgram, 'suffix'>;

/** The end of a feature's name: the length, then whatever is not the default: `3h`, `3h_hop_15m`, `3h_start_closed`. */
function windowSuffix({ microseconds, hop, start, end }: Suffixed): string {
  return [
    lengthText(microseconds),
    ...(hop === null ? [] : [`hop_${lengthText(hop)}`]),
    ...(hop === null && start === 'closed' ? ['start_closed'] : []),
    ...(end === 'closed' ? [] : ['end_open']),
  ].join('_');
}

/** How long before a label's time an event can still be inside, in microseconds: every event is later than that. */
export const reachOf = ({ microseconds, hop, start }: Suffixed): number =>
  microseconds + (hop ?? (start === 'closed' ? 1 : 0));
