import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { days } from '../../lib/definition/index.ts';
import type { Figure } from '../figure.ts';
import type { Measurement } from '../measure.ts';
import { flightsPrograms, ingest, landedUnits, landFlights, publishFlights } from './flights-lake.ts';
import { BUCKET, objectPath } from './lake.ts';
import { trainingSetCommand } from './training-set-job.ts';
import { step, type Workplace } from './workplace.ts';

const MEMORY_LIMIT = '1GB';
const DAYS = 181;
const FIRST_DAY = Date.UTC(2001, 0, 1);
const MILLISECONDS_PER_DAY = 86_400_000;
const MOST_MEGABYTES = 2_048;

interface Scaled {
  readonly scale: number;
  readonly rows: number;
  readonly ingest: Measurement;
  readonly trainingSet: Measurement;
}

/**
 * The flights repeated, later days with the same airports, ingested and made a training set of, under one limit of
 * memory whatever their number. Peaks are of all processes.
 */
export async function benchMemory(place: Workplace): Promise<readonly Figure[]> {
  const measured: Scaled[] = [];
  for (const scale of place.scales) measured.push(await measureScale(place, scale));
  return [...measured.flatMap(scaleFigures), ...growth(measured)];
}

async function measureScale(place: Workplace, scale: number): Promise<Scaled> {
  const root = join(place.folder, `flights-${scale}`);
  const env = { HUNDREDFOLD_MEMORY_LIMIT: MEMORY_LIMIT };
  mkdirSync(join(root, BUCKET), { recursive: true });
  try {
    await landFlights(place, root);
    repeatDays(objectPath({ root }, 'raw/flights'), scale);
    const inputs = landedUnits(root);
    const ingested = await ingest(place, root, inputs, env);
    rmSync(objectPath({ root }, 'raw'), { recursive: true });
    const slot = isoDay(DAYS * scale + 2);
    const lake = publishFlights(root, inputs, `${slot}T00:00:00Z`);
    const program = { ...flightsPrograms().trainingSet, historyMicroseconds: days(DAYS * scale + 10) };
    const job = trainingSetCommand(place, lake, 'memory', 'duckdb', program);
    const trainingSet = await step(place, `training set at ${scale}x`, job.command, { env: { ...job.env, ...env } });
    return { scale, rows: ingestedRows(ingested), ingest: ingested, trainingSet };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Lands every day again, half a year later each time; a day's flights leave on it or at its last midnight. */
function repeatDays(landing: string, scale: number): void {
  const landed = readdirSync(landing).toSorted();
  for (const day of landed) {
    const content = readFileSync(join(landing, day, 'flights.csv'), 'latin1');
    const number = (Date.parse(day) - FIRST_DAY) / MILLISECONDS_PER_DAY;
    for (let repeat = 1; repeat < scale; repeat += 1) {
      const later = number + DAYS * repeat;
      const shifted = content
        .replaceAll(`\n${isoDay(number)}T`, `\n${isoDay(later)}T`)
        .replaceAll(`\n${isoDay(number + 1)}T`, `\n${isoDay(later + 1)}T`);
      mkdirSync(join(landing, isoDay(later)), { recursive: true });
      writeFileSync(join(landing, isoDay(later), 'flights.csv'), shifted, 'latin1');
    }
  }
}

const isoDay = (number: number): string =>
  new Date(FIRST_DAY + number * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);

/** The job ends with `<rows> rows: <accepted> accepted, …`. */
function ingestedRows({ output }: Measurement): number {
  const rows = /^(\d+) rows: (\d+) accepted/m.exec(output)?.[2];
  if (rows === undefined) throw new Error(`the ingest job told no rows\n${output.slice(-500)}`);
  return Number(rows);
}

function scaleFigures({ scale, rows, ingest: ingested, trainingSet }: Scaled): readonly Figure[] {
  const figure = (what: string, { seconds, peakMegabytes }: Measurement): Figure => ({
    name: `${what} at ${scale}x, ${(rows / 1e6).toFixed(1)}M rows, limit ${MEMORY_LIMIT}`,
    value: `${seconds.toFixed(1)} s, ${perRow(seconds, rows).toFixed(2)} us a row, peak ${peakMegabytes.toFixed(0)} MB`,
  });
  return [figure('ingest', ingested), figure('training set', trainingSet)];
}

const perRow = (seconds: number, rows: number): number => (seconds * 1e6) / rows;

/** The greatest scale against the one before it. */
function growth(measured: readonly Scaled[]): readonly Figure[] {
  const [before, after] = measured.toSorted((a, b) => a.scale - b.scale).slice(-2);
  if (before === undefined || after === undefined) return [];
  return (['ingest', 'trainingSet'] as const).flatMap((job): readonly Figure[] => {
    const what = `${job === 'ingest' ? 'ingest' : 'training set'}, ${after.scale}x against ${before.scale}x`;
    const memory = after[job].peakMegabytes / before[job].peakMegabytes;
    const time = perRow(after[job].seconds, after.rows) / perRow(before[job].seconds, before.rows);
    return [
      { name: `${what}: peak memory`, value: `${memory.toFixed(2)} x`, goal: '<= 1.2 x', met: memory <= 1.2 },
      { name: `${what}: time per row`, value: `${time.toFixed(2)} x`, goal: '<= 1.1 x', met: time <= 1.1 },
      {
        name: `${what}: peak at ${after.scale}x`,
        value: `${after[job].peakMegabytes.toFixed(0)} MB`,
        goal: '<= 2 GiB',
        met: after[job].peakMegabytes <= MOST_MEGABYTES,
      },
    ];
  });
}
