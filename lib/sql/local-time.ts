import { assertNever } from '../errors/fault.ts';
import type { ReadClock, ReadColumn } from '../plan/plan.ts';
import { clockTimeOf } from './cast.ts';
import { type Dialect, MICROSECONDS_PER_DAY } from './dialect.ts';
import { quotedReason, rawText } from './quoted-reason.ts';

/** A column whose texts are clock times of a place. */
export interface LocalColumn extends ReadColumn {
  readonly clock: ReadClock;
}

export const isLocal = (column: ReadColumn): column is LocalColumn => column.clock !== undefined;

type Part = 'clock' | 'before' | 'after' | 'earlier' | 'later';
const part = (of: Part, { name }: ReadColumn, dialect: Dialect): string => dialect.identifier(`_${of}_${name}`);

/**
 * The rows of `raw`, with the moments at which clocks show what the local columns say: the earlier and the later one,
 * equal where there is one, null where there is none.
 *
 * A clock time read as UTC is less than a day from the moment that is meant, and no zone changes its clocks twice
 * within two days; so one of the offsets a day before and a day after is the one that holds. Each is tried: the
 * moment is one if clocks show the time then. Where clocks go back, the offset before gives the earlier moment.
 */
export function withMoments(columns: readonly LocalColumn[], dialect: Dialect): string {
  if (columns.length === 0) return 'raw';
  const named = (value: string, of: Part, column: LocalColumn) => `${value} AS ${part(of, column, dialect)}`;
  const clocks = columns.map((column) => named(clockTimeOf(dialect.identifier(column.name), dialect), 'clock', column));
  const tried = columns.flatMap((column) => [
    named(candidate(column, `- ${MICROSECONDS_PER_DAY}`, dialect), 'before', column),
    named(candidate(column, `+ ${MICROSECONDS_PER_DAY}`, dialect), 'after', column),
  ]);
  const found = columns.flatMap((column) => [
    named(firstShown(column, ['before', 'after'], dialect), 'earlier', column),
    named(firstShown(column, ['after', 'before'], dialect), 'later', column),
  ]);
  return [
    `(SELECT *, ${found.join(',\n  ')}`,
    `FROM (SELECT *, ${tried.join(',\n  ')}`,
    `FROM (SELECT *, ${clocks.join(',\n  ')}`,
    'FROM raw) AS clocks) AS tried) AS moments',
  ].join('\n');
}

/** The moment, if the offset of another one held: that of a clock time read as UTC, and shifted. */
function candidate(column: LocalColumn, shift: string, dialect: Dialect): string {
  const clock = part('clock', column, dialect);
  const near = `(${clock} ${shift})`;
  return `${clock} - (${dialect.clockTime(near, column.clock.zone)} - ${near})`;
}

function firstShown(column: LocalColumn, candidates: readonly Part[], dialect: Dialect): string {
  const branches = candidates.map((name) => {
    const moment = part(name, column, dialect);
    const shown = dialect.clockTime(moment, column.clock.zone);
    return `WHEN ${shown} = ${part('clock', column, dialect)} THEN ${moment}`;
  });
  return `CASE ${branches.join(' ')} END`;
}

/** The column as its texts mean it, after them and what their reasons need. */
export function localCast(column: LocalColumn, dialect: Dialect): string {
  const name = dialect.identifier(column.name);
  const kept = (['clock', 'earlier', 'later'] as const).map((of) => part(of, column, dialect));
  return `  ${name} AS ${rawText(column.name, dialect)}, ${kept.join(', ')}, ${meant(column, dialect)} AS ${name}`;
}

function meant(column: LocalColumn, dialect: Dialect): string {
  const [earlier, later] = [part('earlier', column, dialect), part('later', column, dialect)];
  const { repeated } = column.clock;
  switch (repeated) {
    case null:
      return `CASE WHEN ${earlier} = ${later} THEN ${dialect.fromMicroseconds(earlier)} END`;
    case 'earlier':
      return dialect.fromMicroseconds(earlier);
    case 'later':
      return dialect.fromMicroseconds(later);
    default:
      return assertNever(repeated);
  }
}

/** Why a text gave no moment: it is no clock time, clocks skip it, or they show it twice. */
export function localReasons(column: LocalColumn, dialect: Dialect): readonly string[] {
  const { name, clock } = column;
  const absent = `${rawText(name, dialect)} IS NOT NULL AND ${dialect.identifier(name)} IS NULL`;
  const because = (more: string, problem: string) =>
    `  WHEN ${absent}${more} THEN ${quotedReason(name, problem, dialect)}`;
  return [
    because(` AND ${part('clock', column, dialect)} IS NULL`, 'not a clock time without offset'),
    because(` AND ${part('earlier', column, dialect)} IS NULL`, `skipped by the clocks of ${clock.zone}`),
    because('', `shown twice by the clocks of ${clock.zone}`),
  ];
}
