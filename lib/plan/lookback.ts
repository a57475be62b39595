import { constantOffset } from '../definition/constant-offset.ts';
import type { AnySource, EventSource } from '../definition/source.ts';
import { isTimeless } from '../definition/static-view.ts';
import { reachOf } from '../definition/window.ts';
import type { Plan, PlannedView } from './plan.ts';

/** Who reads a source: views of it, and the label where its rows are the labels. */
interface Readers {
  readonly views: readonly PlannedView[];
  /** Null: the labels are rows of another source. */
  readonly label: Plan['label'] | null;
}

/**
 * How far before the first label time of a run a source is read, in microseconds; null: from the beginning. A row's
 * event must be there for as long as a window or a TTL reaches back, and the rows of the labels themselves although
 * their events lie before their label times.
 */
export function lookbackOf(source: AnySource, { views, label }: Readers): number | null {
  if (isTimeless(source)) return 0;
  const reaches = views.filter((view) => view.source === source.name).map(viewReach);
  return [...reaches, ...(label === null ? [] : [labelReach(source, label)])].reduce(longest, 0);
}

const longest = (left: number | null, right: number | null): number | null =>
  left === null || right === null ? null : Math.max(left, right);

function viewReach({ aggregates, windows, ttlMicroseconds }: PlannedView): number | null {
  const latest = aggregates.some(({ kind }) => kind === 'latest');
  const windowed = windows.map(reachOf).reduce<number | null>(longest, 0);
  return latest ? longest(windowed, ttlMicroseconds) : windowed;
}

/** Null where the label time is no constant after the event: any event may be that of a label. */
function labelReach({ eventTime }: EventSource, { at }: Plan['label']): number | null {
  const offset = constantOffset(at, eventTime);
  return offset === null ? null : Math.max(0, offset);
}
