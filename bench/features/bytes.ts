import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { days } from '../../lib/definition/index.ts';
import type { Duration } from '../../lib/units/duration.ts';
import type { Figure } from '../figure.ts';
import { FLIGHTS_SLOT, flightsLake, flightsPrograms, landedUnits } from './flights-lake.ts';
import { type Lake, objectPath, trainingSetManifest, unitManifests } from './lake.ts';
import { inOnePart, trainingSetCommand } from './training-set-job.ts';
import { step, type Workplace } from './workplace.ts';

const EVERY_COLUMN = ['scheduled_departure', 'local_hour', 'delay', 'distance', 'origin', 'destination', 'known_time'];
/** What the views read of a day that has no labels. */
const EVENT_COLUMNS = ['scheduled_departure', 'delay', 'origin', 'destination', 'known_time'];
interface CuratedFile {
  readonly day: string;
  readonly size: number;
  /** Bytes of the columns that labels and views, or views alone, read. */
  readonly everyColumn: number;
  readonly eventColumns: number;
}

/** First day of events, and first day of labels: the longest window is seven days. */
interface Reach {
  readonly from: string;
  readonly labelsFrom: string;
}

const ONE_DAY: Reach = { from: '2001-06-23', labelsFrom: '2001-06-30' };
const ALL_DAYS: Reach = { from: '', labelsFrom: '' };

/** Bytes that each form of the flights makes one read for one day's training set and for the whole one. */
export async function benchBytes(place: Workplace): Promise<readonly Figure[]> {
  const lake = await flightsLake(place);
  const csv = sumOf(landedUnits(lake.root).units.flatMap(({ objects }) => objects.map(({ size }) => size)));
  const files = await curated(place, lake);
  return [
    ...forms('one day', csv, files, ONE_DAY),
    await ours(place, lake, 'one day', days(1), '2001-07-01T00:00:00Z'),
    ...forms('the whole', csv, files, ALL_DAYS),
    await ours(place, lake, 'the whole', days(200), FLIGHTS_SLOT),
  ];
}

function forms(
  what: string,
  csv: number,
  files: readonly CuratedFile[],
  { from, labelsFrom }: Reach,
): readonly Figure[] {
  const needed = (file: CuratedFile): number => (file.day >= labelsFrom ? file.everyColumn : file.eventColumns);
  const reached = files.filter(({ day }) => day >= from);
  return [
    figure(what, 'CSV', csv),
    figure(what, 'Parquet', sumOf(files.map(({ size }) => size))),
    figure(what, 'Parquet, the columns that it needs', sumOf(files.map(needed))),
    figure(what, 'Parquet, the columns and the days that it needs', sumOf(reached.map(needed))),
  ];
}

async function curated(place: Workplace, lake: Lake): Promise<readonly CuratedFile[]> {
  const files = unitManifests(lake).flatMap((unit) => unit.files);
  const list = join(place.folder, 'files.json');
  writeFileSync(list, JSON.stringify(files.map(({ key }) => objectPath(lake, key))));
  const bytes = async (columns: readonly string[]): Promise<readonly number[]> => {
    const script = join(place.root, 'bench/features/bytes.py');
    const command = [place.python.run, script, '--columns', columns.join(','), '--files', list];
    return JSON.parse((await step(place, 'reading footers', command)).output) as readonly number[];
  };
  const [every, ofEvents] = [await bytes(EVERY_COLUMN), await bytes(EVENT_COLUMNS)];
  return files.map(({ day, size }, index) => ({
    day,
    size,
    everyColumn: every[index] ?? Number.NaN,
    eventColumns: ofEvents[index] ?? Number.NaN,
  }));
}

/** What the job's own manifest says. */
async function ours(place: Workplace, lake: Lake, what: string, history: Duration, slot: string): Promise<Figure> {
  const program = inOnePart({ ...flightsPrograms().trainingSet, historyMicroseconds: history });
  const name = `bytes-${history}`;
  const { command, env, prefix } = trainingSetCommand(place, { ...lake, slot }, name, 'duckdb', program);
  await step(place, `training set of ${what}`, command, { env });
  return figure(what, 'ours, by its manifest', trainingSetManifest(lake, prefix).bytesRead);
}

const figure = (what: string, form: string, bytes: number): Figure => ({
  name: `bytes read for ${what === 'one day' ? "one day's" : 'the whole'} training set: ${form}`,
  value: `${(bytes / 1e6).toFixed(1)} MB`,
});

const sumOf = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
