import {
  complete,
  count,
  csv,
  day,
  days,
  double,
  featureView,
  fromLabel,
  hours,
  integer,
  label,
  latest,
  max,
  minutes,
  pipeline,
  rowCount,
  source,
  staticTable,
  text,
  timestamp,
  withJoinKeys,
} from '../../lib/definition/index.ts';
import { soundLimits } from './trips-pipeline.ts';

const format = csv({ header: true });

/** Whose rows are the labels. */
export const stays = source('stays', {
  format,
  columns: { arrival: timestamp(), hotel: text(), nights: integer() },
  eventTime: 'arrival',
  knownTime: hours(2),
  partition: day('arrival'),
  rows: [complete('hotel')],
  checks: [rowCount({ min: 1 })],
});

/** Readings of instruments, which write `NaN` where they have none. */
export const weather = source('weather', {
  format,
  columns: { taken: timestamp(), town: text(), rain: double({ notFinite: 'null' }), wind: double() },
  eventTime: 'taken',
  knownTime: minutes(10),
  partition: day('taken'),
  checks: [rowCount({ min: 1 })],
});

/** Facts without times. */
export const hotels = staticTable('hotels', {
  format,
  columns: { hotel: text(), stars: integer(), town: text() },
  key: ['hotel'],
  checks: [rowCount({ min: 1 })],
});

const rainfall = featureView('rainfall', weather, {
  entity: ['town'],
  windows: [days(2)],
  aggregates: { readings: count(), most_rain: max('rain') },
});

/** A label of one source, views over it, over another one and over a static table. */
export const staysPipeline = pipeline('long-stays', {
  label: label(stays, {
    at: ({ arrival }) => arrival.minus(hours(1)),
    is: ({ nights }) => nights.atLeast(7),
  }),
  features: [
    featureView('stays_before', stays, { entity: ['hotel'], windows: [days(7)], aggregates: { stays: count() } }),
    withJoinKeys(rainfall, { town: 'hotel' }, { name: 'rain_at_namesake' }),
    featureView('about', hotels, { entity: ['hotel'], aggregates: { stars: latest('stars') } }),
    fromLabel(stays, { weekday: ({ arrival }) => arrival.weekday() }),
  ],
  ...soundLimits,
});
