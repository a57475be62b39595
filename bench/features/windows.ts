import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { days } from '../../lib/definition/index.ts';
import type { Figure } from '../figure.ts';
import { type Contender, compete, faster, type Result, resultFigures, warm } from './contest.ts';
import { curatedFiles, type Lake } from './lake.ts';
import { KEYS, publishLake, THREE_WINDOWS, windowsProgram, windowsQuestion } from './point-in-time.ts';
import { answerColumns, type Question, writeQuestion } from './question.ts';
import { trainingSetCommand } from './training-set-job.ts';
import type { Workplace } from './workplace.ts';

const OTHER_QUESTION = 'answers another question: known time ignored';

/** Count, sum and mean over three windows with known time, at many keys and at few. */
export async function benchWindows(place: Workplace): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const keys of KEYS) {
    const lake = await publishLake(place, keys);
    const program = windowsProgram(THREE_WINDOWS);
    const question = windowsQuestion(lake, program);
    const ours = (['duckdb', 'spark'] as const).map((engine): Contender => {
      const name = engine === 'duckdb' ? OURS_DUCKDB : OURS_SPARK;
      return {
        name,
        repeats: engine === 'duckdb' ? 3 : 1,
        ...trainingSetCommand(place, lake, engine, engine, program),
      };
    });
    await warm(curatedFiles(lake));
    const contenders = [...ours, ...windowContenders(place, question, `windows-${keys}`)];
    const results = await compete(place, contenders, answerColumns(question));
    const title = `windows, ${keys.toLocaleString('en')} keys`;
    figures.push(...resultFigures(title, results), ...windowGoals(title, results));
    await rm(lake.root, { recursive: true });
  }
  return figures;
}

export const OURS_DUCKDB = 'ours on DuckDB';
export const OURS_SPARK = 'ours on Spark';

/** Everyone else who answers a question of windows. */
export function windowContenders(place: Workplace, question: Question, name: string): readonly Contender[] {
  const path = writeQuestion(place, name, question);
  const contender = (engine: 'duckdb' | 'spark', form: string): Contender => {
    const output = join(place.folder, `${name}-${engine}-${form}.parquet`);
    const script = join(place.root, `bench/features/${engine}_windows.py`);
    const given = ['--question', path, '--form', form, '--output', output];
    return {
      name: `${engine === 'duckdb' ? 'DuckDB' : 'Spark'} SQL, ${form}`,
      command: [place.python[engine === 'duckdb' ? 'run' : 'spark'], script, ...given],
      output,
      ...(form === RANGE_FRAMES ? { differs: OTHER_QUESTION } : {}),
    };
  };
  return [
    contender('duckdb', 'one-sort'),
    contender('duckdb', 'two-sorts'),
    contender('duckdb', 'asof'),
    contender('duckdb', 'asof-prefixes'),
    contender('duckdb', RANGE_FRAMES),
    contender('spark', 'one-sort'),
    // It can take hours; once the goal is reached, its time tells no more.
    {
      ...contender('spark', RANGE_FRAMES),
      stoppedAfter: { times: TIMES_RANGE_FRAMES.spark, contender: OURS_SPARK },
    },
  ];
}

const RANGE_FRAMES = 'range-frames';
const TIMES_RANGE_FRAMES = { duckdb: 8, spark: 30 } as const;

/** Ours against the best statement and against RANGE frames, each on its engine. */
export function windowGoals(title: string, results: readonly Result[]): readonly Figure[] {
  const ours = (name: string): Result | undefined => results.find(({ contender }) => contender.name === name);
  const others = (engine: string, frames: boolean): readonly Result[] =>
    results.filter(
      ({ contender }) => contender.name.startsWith(`${engine} SQL`) && contender.name.endsWith(RANGE_FRAMES) === frames,
    );
  const against = (engine: string, what: string): string => `${title}: on ${engine}, against ${what}`;
  return [
    ...faster(against('DuckDB', 'the best SQL'), ours(OURS_DUCKDB), others('DuckDB', false), 5),
    ...faster(against('DuckDB', 'RANGE frames'), ours(OURS_DUCKDB), others('DuckDB', true), TIMES_RANGE_FRAMES.duckdb),
    ...faster(against('Spark', 'the best SQL'), ours(OURS_SPARK), others('Spark', false), 3),
    ...faster(against('Spark', 'RANGE frames'), ours(OURS_SPARK), others('Spark', true), TIMES_RANGE_FRAMES.spark),
  ];
}

const MOST_FOR_ANOTHER = 0.15;

/** What a fourth window adds to our time on DuckDB, at many keys and at few. */
export async function benchOneMoreWindow(place: Workplace): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const keys of KEYS) {
    const lake = await publishLake(place, keys);
    await warm(curatedFiles(lake));
    const [three, four] = [await seconds(place, lake, 3), await seconds(place, lake, 4)];
    const added = four / three - 1;
    figures.push({
      name: `one more window, ${keys.toLocaleString('en')} keys: ${three.toFixed(1)} s with three, ${four.toFixed(1)} s with four`,
      value: `${(100 * added).toFixed(1)} %`,
      goal: '<= 15 %',
      met: added <= MOST_FOR_ANOTHER,
    });
    await rm(lake.root, { recursive: true });
  }
  return figures;
}

async function seconds(place: Workplace, lake: Lake, windows: 3 | 4): Promise<number> {
  const program = windowsProgram([...THREE_WINDOWS, days(30)].slice(0, windows));
  const contender: Contender = {
    name: `${windows} windows`,
    repeats: 3,
    ...trainingSetCommand(place, lake, `windows-${windows}`, 'duckdb', program),
  };
  const columns = answerColumns(windowsQuestion(lake, program));
  const [result] = await compete(place, [contender], columns);
  return result?.seconds ?? Number.NaN;
}
