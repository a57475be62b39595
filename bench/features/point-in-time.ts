import { join } from 'node:path';
import type { TrainingSetProgram } from '../../lib/contracts/job-program.ts';
import type { TrainingSetInputs } from '../../lib/contracts/manifest.ts';
import {
  byTime,
  count,
  cron,
  csv,
  day,
  days,
  exceedsBaseRate,
  type FeatureView,
  featureView,
  hours,
  integer,
  label,
  latest,
  logUniform,
  mean,
  minutes,
  pipeline,
  rounds,
  source,
  sum,
  timestamp,
  usd,
  xgboost,
} from '../../lib/definition/index.ts';
import { must } from '../../lib/errors/fault.ts';
import { makePlan } from '../../lib/plan/make-plan.ts';
import { renderPrograms } from '../../lib/render/programs.ts';
import type { Duration } from '../../lib/units/duration.ts';
import { curatedFiles, type Lake } from './lake.ts';
import { inBoth, type Question } from './question.ts';
import { inOnePart } from './training-set-job.ts';
import { step, type Workplace } from './workplace.ts';

/** Ten million events and a million labels over 180 days: few events a key, and many. */
export const KEYS = [100_000, 1_000] as const;
const EVENTS = 10_000_000;
const LABELS = 1_000_000;
const SMALLER = 20;

export const THREE_WINDOWS: readonly Duration[] = [hours(3), hours(24), days(7)];

/** What `point_in_time_lake.py` lands: a row is an event where it has a value, a label where it has an outcome. */
const happenings = source('happenings', {
  format: csv({ header: true }),
  columns: {
    key: integer(),
    happened: timestamp(),
    reported: timestamp(),
    value: integer(),
    outcome: integer(),
  },
  eventTime: 'happened',
  knownTime: 'reported',
  partition: day('happened'),
});

const VIEW = 'events';

function programOf(view: FeatureView): TrainingSetProgram {
  const definition = pipeline('point-in-time', {
    label: label(happenings, { at: 'happened', is: ({ outcome }) => outcome.atLeast(1) }),
    features: [view],
    history: days(200),
    split: byTime({ train: 0.7, validation: 0.15, test: 0.15 }),
    train: xgboost({
      objective: 'binary:logistic',
      rounds: 10,
      trials: 1,
      search: { eta: logUniform(0.03, 0.3) },
      instance: 'ml.m5.xlarge',
      maxRuntime: minutes(30),
      spot: { maxWait: hours(1), segment: rounds(10) },
    }),
    gates: [exceedsBaseRate('pr_auc', 0.1)],
    schedule: cron('0 4 * * *', { zone: 'UTC' }),
    glue: { workers: 2, timeout: minutes(30) },
    evaluate: { instance: 'ml.m5.xlarge', maxRuntime: minutes(30) },
    triesPerJob: 1,
    bounds: { run: usd(100), month: usd(10_000) },
    region: 'us-east-1',
  });
  return inOnePart(renderPrograms(must(makePlan(definition).value, 'a sound definition')).trainingSet);
}

/** Count, sum and mean over windows, compiled as any pipeline is. */
export const windowsProgram = (windows: readonly Duration[]): TrainingSetProgram =>
  programOf(
    featureView(VIEW, happenings, {
      entity: ['key'],
      windows,
      where: ({ value }) => value.atLeast(0),
      aggregates: { count: count(), sum: sum('value'), mean: mean('value') },
    }),
  );

/** The latest value, without a time to live. */
export const latestProgram = (): TrainingSetProgram =>
  programOf(
    featureView(VIEW, happenings, {
      entity: ['key'],
      where: ({ value }) => value.atLeast(0),
      aggregates: { value: latest('value') },
    }),
  );

const asked = (lake: Lake): Pick<Question, 'files' | 'events' | 'labels' | 'carried' | 'views'> => ({
  files: curatedFiles(lake),
  events: inBoth(
    'SELECT key, MICROS(happened) AS event, MICROS(known_time) AS known, value FROM source WHERE value IS NOT NULL',
  ),
  labels: inBoth(
    'SELECT MICROS(happened) AS label_time, MICROS(known_time) AS known_time, outcome AS label, key ' +
      'FROM source WHERE outcome IS NOT NULL',
  ),
  carried: ['key'],
  views: [{ name: VIEW, entity: ['key'] }],
});

export const windowsQuestion = (lake: Lake, program: TrainingSetProgram): Question => ({
  ...asked(lake),
  features: [
    { name: 'count', kind: 'count', operand: null },
    { name: 'sum', kind: 'sum', operand: 'value' },
    { name: 'mean', kind: 'mean', operand: 'value' },
  ],
  windows: must(program.views[0], 'a view').windows,
});

export const latestQuestion = (lake: Lake): Question => ({
  ...asked(lake),
  features: [{ name: 'value', kind: 'latest', operand: 'value' }],
  windows: [],
});

/** Generates and publishes a lake with so many keys. */
export async function publishLake(place: Workplace, keys: number): Promise<Lake> {
  const root = join(place.folder, `point-in-time-${keys}`);
  const divisor = place.small ? SMALLER : 1;
  const sizes = { events: EVENTS / divisor, labels: LABELS / divisor, keys: keys / divisor };
  const script = join(place.root, 'bench/features/point_in_time_lake.py');
  const given = Object.entries(sizes).flatMap(([name, size]) => [`--${name}`, String(size)]);
  const { output } = await step(place, `landing ${sizes.events} events of ${sizes.keys} keys`, [
    place.python.run,
    script,
    '--root',
    root,
    ...given,
  ]);
  const units = JSON.parse(output) as TrainingSetInputs['units'];
  return { root, source: happenings.name, slot: '2024-07-01T00:00:00Z', units };
}
