import { formatDuration } from '../../units/duration.ts';
import type { FeatureView } from '../feature-view.ts';
import { isTimeless } from '../static-view.ts';
import { NO_PROBLEMS, type Problems, problem, shown, unless } from './problem.ts';

/** A static table has no event time: no windows, no ttl, and one row for each key. */
export function checkStaticView(at: string, view: FeatureView): Problems {
  const { source, windows, ttl, aggregates, entity } = view;
  if (!isTimeless(source)) return NO_PROBLEMS;
  const timed = aggregates.filter(({ kind }) => kind !== 'latest');
  const key = source.key ?? [];
  return [
    ...unless(windows.length === 0, `${at}.windows`, withoutTime(source.name, 'windows')),
    ...(ttl === undefined
      ? NO_PROBLEMS
      : problem(`${at}.ttl`, withoutTime(source.name, `a ttl of ${formatDuration(ttl)}`))),
    ...timed.flatMap(({ name, kind }) => problem(`${at}.aggregates.${name}`, withoutTime(source.name, kind))),
    ...unless(key.length === entity.length && key.every((column) => entity.includes(column)), `${at}.entity`, {
      code: 'not-allowed',
      message: `the entity is ${shown(entity)}, the key of ${source.name} is ${shown(key)}`,
      fix: `use entity: ${shown(key)}; withJoinKeys finds it by other columns of the label`,
    }),
  ];
}

const withoutTime = (table: string, part: string) => ({
  code: 'no-event-time',
  message: `${part} over the static table ${table}, whose rows have no event time`,
  fix: 'use latest(…) without windows and ttl, or declare a source with an eventTime',
});
