import { type Duration, formatDuration } from '../../units/duration.ts';
import { constantOffset } from '../constant-offset.ts';
import type { FeatureView } from '../feature-view.ts';
import { joinKeyOf } from '../join-keys.ts';
import type { Label } from '../label.ts';
import type { AnySource } from '../source.ts';
import { isTimeless } from '../static-view.ts';
import { reachOf, windowProgram } from '../window.ts';
import { NO_PROBLEMS, type Problems, problem } from './problem.ts';

/** How long after its event a row can still be inside, in microseconds, and where that was said. */
interface Reach {
  readonly at: string;
  readonly microseconds: number;
}

/** Whether rows can count in the view at all, and whether the label's own row does: what constants alone decide. */
export function checkReach(at: string, view: FeatureView, label: Label | undefined): Problems {
  const delay = knownDelay(view.source);
  if (delay === null) return NO_PROBLEMS;
  const reaches = reachesOf(at, view);
  return [
    ...reaches
      .filter(({ microseconds }) => delay >= microseconds)
      .flatMap((reach) => problem(reach.at, neverInside(reach, delay))),
    ...checkOwnRow(at, { view, label, delay, reaches }),
  ];
}

/** How long after its event a row becomes known, in microseconds, where that is a constant. */
function knownDelay(source: AnySource): number | null {
  if (isTimeless(source) || source.knownTime.kind === 'failed') return null;
  const offset = constantOffset(source.knownTime.expression, source.eventTime);
  return offset === null ? null : Math.max(0, offset);
}

function reachesOf(at: string, { windows, ttl, aggregates }: FeatureView): readonly Reach[] {
  const hasLatest = aggregates.some(({ kind }) => kind === 'latest');
  return [
    ...windows.map((written, index) => ({
      at: `${at}.windows[${index}]`,
      microseconds: reachOf(windowProgram(written)),
    })),
    ...(hasLatest ? [{ at: `${at}.ttl`, microseconds: ttl ?? Number.POSITIVE_INFINITY }] : []),
  ];
}

const neverInside = ({ microseconds }: Reach, delay: number) => ({
  code: 'never-known',
  message: `a row is known ${lengthOf(delay)} after its event and is left behind after ${lengthOf(microseconds)}: none can ever count`,
  fix: `give more than ${lengthOf(delay)}, or a shorter delay of the known time`,
});

interface OwnRow {
  readonly view: FeatureView;
  readonly label: Label | undefined;
  readonly delay: number;
  readonly reaches: readonly Reach[];
}

/** The label's own row, once it is known, holds the label. */
function checkOwnRow(at: string, { view, label, delay, reaches }: OwnRow): Problems {
  const { source } = view;
  if (isTimeless(source)) return NO_PROBLEMS;
  const sharesEntity = view.entity.every((column) => joinKeyOf(view, column) === column);
  if (label?.at.kind !== 'formula' || label.source.name !== source.name || !sharesEntity) return NO_PROBLEMS;
  const taken = constantOffset(label.at.expression, source.eventTime);
  if (taken === null || taken < delay || !reaches.some(({ microseconds }) => taken < microseconds)) return NO_PROBLEMS;
  return problem(at, {
    code: 'label-inside',
    message: `the label is taken ${lengthOf(taken)} after the event and its own row is known after ${lengthOf(delay)}: the label is inside its own features`,
    fix: `take the label before its row is known, such as at: ({ ${source.eventTime} }) => ${source.eventTime}.minus(hours(2))`,
  });
}

/** The cast gives a number of microseconds, zero or more, its unit. */
const lengthOf = (microseconds: number): string => formatDuration(microseconds as Duration);
