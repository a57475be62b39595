import {
  between,
  byTime,
  choice,
  complete,
  count,
  cron,
  csv,
  day,
  days,
  type Entity,
  exceedsBaseRate,
  featureView,
  fromLabel,
  hours,
  integer,
  label,
  logUniform,
  mean,
  minutes,
  noWorseThanChampion,
  pipeline,
  quarantined,
  rounds,
  rowCount,
  share,
  source,
  text,
  timestamp,
  uniform,
  usd,
  xgboost,
} from '../../lib/definition/index.ts';

/** Flights as the airline's nightly export lists them; a delay is known half an hour after the plane has landed. */
const flights = source('flights', {
  format: csv({ header: true }),
  columns: {
    scheduled_departure: timestamp(),
    local_hour: integer(),
    delay: integer(),
    distance: integer(),
    origin: text(),
    destination: text(),
  },
  eventTime: 'scheduled_departure',
  knownTime: ({ scheduled_departure, delay, distance }) =>
    scheduled_departure.plus(minutes(delay.plus(distance.times(0.12)).plus(30))).notBefore(scheduled_departure),
  partition: day('scheduled_departure'),
  // A row that fails is quarantined.
  rows: [complete('scheduled_departure', 'delay', 'origin', 'destination'), between('delay', -120, 3_000)],
  // A landing unit that fails stops the run.
  checks: [rowCount({ min: 1_000 }), quarantined({ max: 0.01 })],
});

const delays = (name: string, entity: Entity<typeof flights>) =>
  featureView(name, flights, {
    entity,
    windows: [hours(3), hours(24), days(7)],
    aggregates: { flights: count(), mean_delay: mean('delay'), late_share: share(({ delay }) => delay.atLeast(15)) },
  });

/** Two hours before departure: will this flight arrive 15 minutes late or more? */
export default pipeline('flight-delays', {
  label: label(flights, {
    at: ({ scheduled_departure }) => scheduled_departure.minus(hours(2)),
    is: ({ delay }) => delay.atLeast(15),
  }),
  features: [
    delays('origin_delays', ['origin']),
    delays('destination_delays', ['destination']),
    delays('route_delays', ['origin', 'destination']),
    fromLabel(flights, {
      hour: 'local_hour',
      weekday: ({ scheduled_departure }) => scheduled_departure.weekday(),
      distance: 'distance',
    }),
  ],
  history: days(180),
  split: byTime({ train: 0.7, validation: 0.15, test: 0.15 }),
  train: xgboost({
    objective: 'binary:logistic',
    rounds: 100,
    trials: 4,
    search: { max_depth: choice(4, 6, 8), eta: logUniform(0.03, 0.3), subsample: uniform(0.6, 1) },
    instance: 'ml.m5.xlarge',
    maxRuntime: minutes(30),
    spot: { maxWait: hours(1), segment: rounds(10) },
  }),
  gates: [exceedsBaseRate('pr_auc', 0.1), noWorseThanChampion('pr_auc')],
  schedule: cron('0 4 * * *', { zone: 'America/New_York' }),
  glue: { workers: 5, timeout: minutes(30) },
  evaluate: { instance: 'ml.m5.xlarge', maxRuntime: minutes(30) },
  triesPerJob: 2,
  bounds: { run: usd(6), month: usd(200) },
  region: 'us-east-1',
});
