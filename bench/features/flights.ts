import { rm } from 'node:fs/promises';
import type { TrainingSetProgram } from '../../lib/contracts/job-program.ts';
import { days } from '../../lib/definition/index.ts';
import { must } from '../../lib/errors/fault.ts';
import type { Figure } from '../figure.ts';
import { type Contender, compete, resultFigures, warm } from './contest.ts';
import { flightsLake, flightsPrograms } from './flights-lake.ts';
import { curatedFiles, type Lake } from './lake.ts';
import { answerColumns, inBoth, type Question } from './question.ts';
import { inOnePart, trainingSetCommand } from './training-set-job.ts';
import { OURS_DUCKDB, OURS_SPARK, windowContenders, windowGoals } from './windows.ts';
import type { Workplace } from './workplace.ts';

/** The flights example's three views over three windows, on three million flights. */
export async function benchFlights(place: Workplace): Promise<readonly Figure[]> {
  const lake = await flightsLake(place);
  const program = inOnePart({ ...flightsPrograms().trainingSet, historyMicroseconds: days(200) });
  const question = flightsQuestion(lake, program);
  await warm(curatedFiles(lake));
  const ours: readonly Contender[] = [
    { name: OURS_DUCKDB, repeats: 3, ...trainingSetCommand(place, lake, 'duckdb', 'duckdb', program) },
    { name: OURS_SPARK, ...trainingSetCommand(place, lake, 'spark', 'spark', program) },
  ];
  const contenders = [...ours, ...windowContenders(place, question, 'flights')];
  const results = await compete(place, contenders, answerColumns(question));
  await rm(lake.root, { recursive: true });
  const title = 'flights, 3 views x 3 windows';
  return [...resultFigures(title, results), ...windowGoals(title, results)];
}

/** The example's definition as one states it by hand. */
function flightsQuestion(lake: Lake, program: TrainingSetProgram): Question {
  const { windows } = must(program.views[0], 'a view');
  return {
    files: curatedFiles(lake),
    events: inBoth(
      'SELECT origin, destination, MICROS(scheduled_departure) AS event, MICROS(known_time) AS known, delay, ' +
        'CASE WHEN delay >= 15 THEN 1 ELSE 0 END AS late FROM source',
    ),
    labels: inBoth(
      'SELECT MICROS(scheduled_departure) - 7200000000 AS label_time, MICROS(known_time) AS known_time, ' +
        'CASE WHEN delay >= 15 THEN 1 ELSE 0 END AS label, origin, destination, local_hour AS hour, ' +
        `${WEEKDAY} AS weekday, distance FROM source`,
    ),
    carried: ['origin', 'destination', 'hour', 'weekday', 'distance'],
    views: program.views.map(({ name, entity }) => ({ name, entity: entity.map(({ event }) => event) })),
    features: [
      { name: 'flights', kind: 'count', operand: null },
      { name: 'mean_delay', kind: 'mean', operand: 'delay' },
      { name: 'late_share', kind: 'mean', operand: 'late' },
    ],
    windows,
  };
}

/** Monday is 1, in UTC; the epoch was a Thursday. */
const WEEKDAY =
  'CAST(((CAST(floor(MICROS(scheduled_departure) / 86400000000.0) AS BIGINT) + 3) % 7 + 7) % 7 + 1 AS BIGINT)';
