import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureLockedPackages } from '../../local/python-environment.ts';
import type { Figure } from '../figure.ts';
import { type Contender, compete, faster, type Result, resultFigures, warm } from './contest.ts';
import { curatedFiles, type Lake } from './lake.ts';
import { KEYS, latestProgram, latestQuestion, publishLake } from './point-in-time.ts';
import { answerColumns, writeQuestion } from './question.ts';
import { trainingSetCommand } from './training-set-job.ts';
import { OURS_DUCKDB, OURS_SPARK } from './windows.ts';
import { notify, type Workplace } from './workplace.ts';

/** The latest value known at a time, at many keys and at few. */
export async function benchLatest(place: Workplace): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const keys of KEYS) {
    const lake = await publishLake(place, keys);
    await warm(curatedFiles(lake));
    const columns = answerColumns(latestQuestion(lake));
    const results = await compete(place, await contenders(place, lake, keys), columns);
    const title = `latest, ${keys.toLocaleString('en')} keys`;
    figures.push(...resultFigures(title, results), ...goals(title, results, keys));
    await rm(lake.root, { recursive: true });
  }
  return figures;
}

async function contenders(place: Workplace, lake: Lake, keys: number): Promise<readonly Contender[]> {
  const program = latestProgram();
  const path = writeQuestion(place, `latest-${keys}`, latestQuestion(lake));
  const feast = await ensureLockedPackages({
    root: place.root,
    name: 'feast',
    lockFile: join(place.root, 'bench/features/feast.txt'),
    notify,
  });
  const contender = (
    name: string,
    python: string,
    script: string,
    form: string,
    more?: Partial<Contender>,
  ): Contender => {
    const output = join(place.folder, `latest-${script}-${form}.parquet`);
    const given = ['--question', path, '--form', form, '--output', output];
    return { name, command: [python, join(place.root, 'bench/features', script), ...given], output, ...more };
  };
  const { run, spark } = place.python;
  return [
    { name: OURS_DUCKDB, repeats: 3, ...trainingSetCommand(place, lake, 'duckdb', 'duckdb', program) },
    { name: OURS_SPARK, ...trainingSetCommand(place, lake, 'spark', 'spark', program) },
    contender('DuckDB SQL, staircase and ASOF', run, 'duckdb_latest.py', 'asof', { repeats: 3 }),
    contender('DuckDB SQL, staircase in one order', run, 'duckdb_latest.py', 'in-order', { repeats: 3 }),
    contender('Spark SQL, running greatest struct', spark, 'spark_latest.py', 'running-greatest'),
    contender('Spark SQL, staircase in one order', spark, 'spark_latest.py', 'in-order'),
    contender('pandas merge_asof over a staircase', spark, 'pandas_latest.py', 'staircase'),
    contender(FEAST_KNOWN, feast, 'feast_latest.py', 'known', { differs: 'breaks ties at random' }),
    contender(`${FEAST}, as it is by default`, feast, 'feast_latest.py', 'as-is', {
      differs: 'no cutoff by known time: it leaks; breaks ties at random',
    }),
  ];
}

const FEAST = 'Feast on DuckDB';
const FEAST_KNOWN = `${FEAST}, with its cutoff by created time`;

function goals(title: string, results: readonly Result[], keys: number): readonly Figure[] {
  const named = (start: string): readonly Result[] =>
    results.filter(({ contender }) => contender.name.startsWith(start));
  const [ours] = named(OURS_DUCKDB);
  return [
    ...faster(`${title}: on DuckDB, against the best SQL`, ours, named('DuckDB SQL'), keys === 1_000 ? 1.3 : 1),
    ...faster(`${title}: on DuckDB, against Feast`, ours, named(FEAST), 8),
    ...faster(`${title}: on DuckDB, against pandas`, ours, named('pandas')),
    ...faster(`${title}: on Spark, against the best SQL`, named(OURS_SPARK)[0], named('Spark SQL')),
  ];
}
