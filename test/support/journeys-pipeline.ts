import {
  byEntity,
  count,
  countDistinct,
  csv,
  day,
  days,
  derived,
  double,
  featureView,
  first,
  fromLabel,
  hours,
  integer,
  label,
  last,
  lastN,
  latest,
  max,
  mean,
  min,
  minutes,
  pipeline,
  quantile,
  share,
  source,
  staticTable,
  sum,
  text,
  timestamp,
  variance,
  window,
  withJoinKeys,
} from '../../lib/definition/index.ts';
import { quotes, soundLimits, trips } from './trips-pipeline.ts';

/** Readings of stations, a second source. */
const readings = source('readings', {
  format: csv({ header: true }),
  columns: { taken: timestamp(), station: text(), number: integer(), level: double() },
  eventTime: 'taken',
  knownTime: minutes(30),
  partition: day('taken'),
});

/** Every aggregate with every option that it has, over rows that are corrected. */
const quoted = featureView('quoted', quotes, {
  entity: ['origin'],
  windows: [hours(3), window(days(7), { hop: hours(1), end: 'open' }), window(days(1), { start: 'closed' })],
  ttl: days(2),
  where: ({ delay }) => delay.atLeast(0),
  aggregates: {
    quotes: count({ over: [hours(3)] }),
    cancelled: count({ where: ({ cancelled }) => cancelled }),
    codes: countDistinct('code', { where: ({ price }) => price.moreThan(10) }),
    paid: sum('price', { scale: 2, default: 0 }),
    fee: mean(({ price }) => price.times(0.1), { scale: 4 }),
    spread: variance('delay'),
    late: share(({ delay }) => delay.atLeast(15), { default: 0 }),
    least: min('price'),
    most: max('delay', { over: [window(days(7), { hop: hours(1), end: 'open' })] }),
    oldest: first('delay'),
    newest: last('cancelled'),
    recent: lastN('price', 2, { over: [hours(3)] }),
    high: quantile('price', 0.9),
    price: latest('price', { default: -1 }),
  },
});

const levels = featureView('levels', readings, {
  entity: ['station'],
  windows: [hours(6)],
  aggregates: { level: mean('level', { scale: 3 }), newest: last('level'), recent: lastN('level', 2) },
});

const stations = staticTable('stations', {
  format: csv({ header: true }),
  columns: { station: text(), height: integer() },
  key: ['station'],
});

const heights = featureView('heights', stations, {
  entity: ['station'],
  where: ({ height }) => height.atLeast(-500),
  aggregates: { metres: latest('height', { default: 0 }) },
});

/** A sound definition over three sources and a static table with join keys, derived features and a split by entity. */
export const journeys = pipeline('journeys', {
  ...soundLimits,
  label: label(trips, { at: ({ departure }) => departure.plus(days(2)), is: ({ cancelled }) => cancelled.not() }),
  features: [
    quoted,
    withJoinKeys(levels, { station: 'origin' }, { name: 'origin_levels' }),
    withJoinKeys(levels, { station: 'code' }, { name: 'code_levels' }),
    withJoinKeys(heights, { station: 'code' }, { name: 'code_heights' }),
    fromLabel(trips, { hour: ({ departure }) => departure.hour() }),
    derived({
      rising: ({ feature }) => feature('gap').moreThan(0),
      gap: ({ feature }) => feature('origin_levels__level_6h').minus(feature('code_levels__level_6h')),
    }),
  ],
  split: byEntity({ entity: ['code'], train: 0.6, validation: 0.2, test: 0.2 }),
});
