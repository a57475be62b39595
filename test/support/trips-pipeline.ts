import {
  between,
  boolean,
  byTime,
  choice,
  complete,
  count,
  cron,
  csv,
  day,
  days,
  double,
  exceedsBaseRate,
  featureView,
  fromLabel,
  hours,
  integer,
  integers,
  label,
  latest,
  logUniform,
  matches,
  mean,
  minutes,
  noWorseThanChampion,
  oneOf,
  type PipelineOptions,
  pipeline,
  quarantined,
  rounds,
  rowCount,
  type Source,
  seconds,
  share,
  source,
  sum,
  text,
  timestamp,
  uniform,
  usd,
  xgboost,
} from '../../lib/definition/index.ts';

const columns = {
  departure: timestamp(),
  arrival: timestamp(),
  delay: integer(),
  price: double(),
  cancelled: boolean(),
  origin: text(),
  code: text(),
};

/** A source with a column of every type and a rule of every kind. */
export const trips = source('trips', {
  format: csv({ header: true }),
  columns,
  eventTime: 'departure',
  knownTime: ({ departure, arrival, delay, price }) =>
    arrival.orElse(departure.plus(minutes(delay.plus(price.times(0.12)).plus(30)))).notBefore(departure),
  partition: day('departure'),
  rows: [
    complete('delay', 'origin'),
    between('delay', -120, 3_000),
    between('price', 0.5, 1e6),
    oneOf('origin', 'AAA', "O'H", '$x'),
    matches('code', '[A-Z]{2}[0-9]+(-[a-z]+)?'),
  ],
  checks: [rowCount({ min: 1, max: 1_000_000 }), quarantined({ max: 0.5 })],
});

/** A source whose rows are versions of facts. */
export const quotes = source('quotes', {
  format: csv({ header: true }),
  columns: { ...columns, published: timestamp() },
  eventTime: 'departure',
  knownTime: 'published',
  partition: day('departure'),
  key: ['code', 'departure'],
});

type TripSource = Source<typeof columns>;

/** Every kind of expression and aggregate, over either source. */
export const featuresOf = (from: TripSource) => [
  featureView('origin_trips', from, {
    entity: ['origin'],
    windows: [days(1), hours(3), days(7)],
    ttl: hours(12),
    where: ({ cancelled }) => cancelled.orElse(false).not(),
    aggregates: {
      trips: count(),
      total_delay: sum('delay'),
      mean_excess: mean(({ delay }) => delay.minus(10).times(2)),
      late_share: share(({ delay, price }) => delay.atLeast(15).or(price.moreThan(99.5))),
      last_price: latest('price'),
      last_cancelled: latest('cancelled'),
    },
  }),
  fromLabel(from, {
    hour: ({ departure }) => departure.hour(),
    weekday: ({ departure }) => departure.minus(hours(5)).weekday(),
    ratio: ({ price, delay }) => price.dividedBy(delay.plus(1)),
    has_code: ({ code }) => code.isNull().not().and(code.equals('AB1').not()),
    long: ({ departure, arrival, delay }) =>
      departure
        .plus(hours(1))
        .plus(minutes(delay))
        .plus(seconds(delay.orElse(0)).minus(minutes(1)).plus(days(0)).orElse(minutes(2)))
        .lessThan(arrival),
  }),
];

/** Everything but the data: a sound definition's limits. */
export const soundLimits = {
  history: days(30),
  split: byTime({ train: 0.6, validation: 0.2, test: 0.2, embargo: hours(1) }),
  train: xgboost({
    objective: 'binary:logistic',
    rounds: 40,
    trials: 3,
    search: {
      max_depth: integers(3, 9),
      eta: logUniform(0.01, 0.3),
      subsample: uniform(0.5, 1),
      grow_policy: choice('depthwise', 'lossguide'),
    },
    parameters: { max_bin: 128 },
    seed: 7,
    instance: 'ml.m5.large',
    maxRuntime: minutes(10),
    spot: { maxWait: minutes(30), segment: rounds(10) },
  }),
  gates: [exceedsBaseRate('pr_auc', 0.05), noWorseThanChampion('log_loss')],
  schedule: cron('30 5 * * 1-5', { zone: 'Europe/Berlin' }),
  glue: { workers: 2, timeout: minutes(20), workerType: 'G.2X' },
  evaluate: { instance: 'ml.m5.large', maxRuntime: minutes(10), volumeGb: 20 },
  triesPerJob: 3,
  bounds: { run: usd('4.5'), month: usd(100) },
  region: 'us-east-1',
} as const satisfies Partial<PipelineOptions>;

/** A sound definition over either source. */
export const tripsPipeline = (from: TripSource = trips) =>
  pipeline(`${from.name}-late`, {
    label: label(from, {
      at: ({ departure }) => departure.minus(hours(1)),
      is: ({ cancelled }) => cancelled.not(),
    }),
    features: featuresOf(from),
    ...soundLimits,
  });
