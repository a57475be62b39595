import { type Duration, formatDuration, seconds } from '../../units/duration.ts';
import type { FeatureView } from '../feature-view.ts';
import { type Window, type WrittenWindow, windowOf, windowProgram } from '../window.ts';
import { checkWindowOptions } from './option-checks.ts';
import { NO_PROBLEMS, type Problems, shown, unless } from './problem.ts';
import { checkDistinct, checkDuration, checkMember, LONGEST_LENGTH } from './quantity-checks.ts';

const WINDOW_ENDS: readonly string[] = ['open', 'closed'];

/** The windows of a view: there where an aggregate needs them, each on its own, and no two alike. */
export function checkWindows(at: string, { windows, aggregates }: FeatureView): Problems {
  const needsWindows = aggregates.some(({ kind }) => kind !== 'latest');
  const items = windows.map((value, index) => ({ at: `${at}.windows[${index}]`, value }));
  return [
    ...unless(!needsWindows || items.length > 0, `${at}.windows`, {
      code: 'missing',
      message: 'the view has aggregates over windows and no windows',
      fix: 'give lengths such as windows: [hours(3), days(7)]',
    }),
    ...unless(needsWindows || items.length === 0, `${at}.windows`, {
      code: 'unused',
      message: 'the view has windows and no aggregate over them',
      fix: 'remove the windows; a latest value is ended by ttl',
    }),
    ...items.flatMap((item) => checkWindow(item.at, item.value)),
    ...checkDistinct(items.map((item) => ({ at: item.at, value: suffixOf(item.value) }))),
  ];
}

export function checkTtl(at: string, { ttl, aggregates }: FeatureView): Problems {
  if (ttl === undefined) return NO_PROBLEMS;
  const hasLatest = aggregates.some(({ kind }) => kind === 'latest');
  return [
    ...checkLength(`${at}.ttl`, ttl),
    ...unless(hasLatest, `${at}.ttl`, {
      code: 'unused',
      message: `the view has a ttl of ${formatDuration(ttl)} and no latest value`,
      fix: 'remove the ttl, or add an aggregate latest(…)',
    }),
  ];
}

function checkWindow(at: string, written: WrittenWindow): Problems {
  if (typeof written !== 'object' || written === null) return checkLength(at, written);
  const { length, start, end } = written;
  return [
    ...checkWindowOptions(at, written),
    ...checkLength(`${at}.length`, length),
    ...(start === undefined ? NO_PROBLEMS : checkMember(`${at}.start`, start, WINDOW_ENDS)),
    ...(end === undefined ? NO_PROBLEMS : checkMember(`${at}.end`, end, WINDOW_ENDS)),
    ...checkHop(at, written),
  ];
}

/** A window is a whole number of hops, and a start that moves in hops is closed in any case. */
function checkHop(at: string, { length, hop, start }: Window): Problems {
  if (hop === undefined) return NO_PROBLEMS;
  const wrong = checkLength(`${at}.hop`, hop);
  if (wrong.length > 0) return wrong;
  return [
    ...unless(length % hop === 0, `${at}.hop`, {
      code: 'out-of-range',
      message: `${at}.hop == ${shownLength(hop)}, must divide the length of ${shownLength(length)}`,
      fix: 'give a hop of which the window is a whole number, such as minutes(15) of hours(3)',
    }),
    ...unless(start === undefined, `${at}.start`, {
      code: 'not-allowed',
      message: `start == ${shown(start)} beside a hop, whose start is closed in any case`,
      fix: 'leave start out, or the hop',
    }),
  ];
}

const checkLength = (at: string, value: Duration): Problems =>
  checkDuration(at, value, { min: seconds(1), max: LONGEST_LENGTH, step: seconds(1) });

const shownLength = (value: Duration): string => (Number.isFinite(value) ? formatDuration(value) : shown(value));

/** What tells windows apart; of what is no window, the value as it is shown. */
function suffixOf(written: WrittenWindow): string {
  const { length } = windowOf(written);
  return typeof length === 'number' ? windowProgram(written).suffix : shown(written);
}
