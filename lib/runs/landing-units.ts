import type { ObjectVersion } from '../contracts/manifest.ts';
import { rawPrefix } from '../contracts/object-keys.ts';
import type { RunSource } from '../contracts/run-program.ts';
import type { Diagnostic } from '../errors/diagnostic.ts';
import { UserError } from '../errors/user-error.ts';

const MILLISECONDS_PER_DAY = 86_400_000;
const MICROSECONDS_PER_MILLISECOND = 1_000;

/** ISO days, both inclusive; `first` is null where a source is read from its beginning. */
export interface Reach {
  readonly first: string | null;
  readonly last: string;
}

/** A landing unit as a listing shows it, its objects by key. */
export interface ListedUnit {
  readonly source: string;
  readonly unit: string;
  readonly objects: readonly ObjectVersion[];
}

/** Label times of a run lie in `[slot - history, slot)`. */
export interface SlotHistory {
  readonly slot: string;
  readonly historyMicroseconds: number;
}

/**
 * The landing units of a source that a slot reaches. Of events every day that began before the slot, back to the day of the first event that
 * a feature may need, and one more, for a unit is a day on the clocks of the source and these are behind UTC or ahead. Of a static table any
 * day that began before the slot: the newest is the table.
 */
export function slotReach(
  { slot, historyMicroseconds }: SlotHistory,
  { kind, lookbackMicroseconds }: Pick<RunSource, 'kind' | 'lookbackMicroseconds'>,
): Reach {
  const end = Date.parse(slot);
  const last = isoDay(end - 1);
  if (kind === 'static' || lookbackMicroseconds === null) return { first: null, last };
  const back = Math.ceil((historyMicroseconds + lookbackMicroseconds) / MICROSECONDS_PER_MILLISECOND);
  return { first: isoDay(end - back - MILLISECONDS_PER_DAY), last };
}

export const reaches = ({ first, last }: Reach, unit: string): boolean =>
  unit <= last && (first === null || unit >= first);

/**
 * The units of a source that a slot reaches, by day, from a listing of its raw prefix; of a static table the newest. A folder that begins with `_` or `.` is
 * nobody's, as in Hadoop; objects that are no `.csv` are left alone.
 * @throws UserError `misplaced-landing-files` | `no-landing-units`
 */
export function chooseLandingUnits(
  source: Pick<RunSource, 'name' | 'kind' | 'lookbackMicroseconds'>,
  listing: readonly ObjectVersion[],
  history: SlotHistory,
): readonly ListedUnit[] {
  const reach = slotReach(history, source);
  const units = groupByUnit(source.name, listing);
  const chosen = units.filter(({ unit }) => reaches(reach, unit));
  if (chosen.length === 0) throw noLandingUnits(source.name, units, reach);
  return source.kind === 'static' ? chosen.slice(-1) : chosen;
}

function groupByUnit(source: string, listing: readonly ObjectVersion[]): readonly ListedUnit[] {
  const prefix = rawPrefix(source);
  const files = listing.filter(({ key }) => key.endsWith('.csv') && !/^[_.]/.test(key.slice(prefix.length)));
  const folderOf = ({ key }: ObjectVersion): string => key.slice(prefix.length).split('/').slice(0, -1).join('/');
  const misplaced = files.filter((file) => !isIsoDay(folderOf(file)));
  if (misplaced.length > 0) {
    throw UserError.fromDiagnostics(`s3://<data bucket>/${prefix}`, misplaced.slice(0, 10).map(misplacedFile));
  }
  const groups = Object.entries(Object.groupBy(files, folderOf));
  return groups
    .map(([unit, objects = []]) => ({ source, unit, objects: objects.toSorted(byKey) }))
    .toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
}

function misplacedFile({ key }: ObjectVersion): Diagnostic {
  return {
    code: 'misplaced-landing-file',
    severity: 'error',
    at: key,
    message: 'a landing file lies outside of a folder named by an ISO day',
    fix: 'move it to a folder such as 2001-07-01/, or below a folder that begins with _ to keep it out',
  };
}

function noLandingUnits(source: string, units: readonly ListedUnit[], { first, last }: Reach): UserError {
  const wanted = `${first ?? 'the beginning'} to ${last}`;
  const present = units.length === 0 ? 'there is none' : `there are ${units[0]?.unit} to ${units.at(-1)?.unit}`;
  return new UserError({
    code: 'no-landing-units',
    message: `no landing unit of ${source} lies in what the slot reaches, ${wanted}; ${present}`,
    resolution:
      units.length === 0
        ? `land .csv files below ${rawPrefix(source)}<YYYY-MM-DD>/, one folder a day, then start the slot again`
        : 'choose a slot after a landed day, or land the days that are missing, then start the slot again',
  });
}

function byKey(a: ObjectVersion, b: ObjectVersion): number {
  return a.key < b.key ? -1 : 1;
}

const isoDay = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);

function isIsoDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && isoDay(Date.parse(text)) === text;
}
