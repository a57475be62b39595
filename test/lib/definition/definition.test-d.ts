/** What must not compile: checked by tsc alone, for a line that compiles makes its `@ts-expect-error` an error. */
import { expectTypeOf } from 'vitest';
import {
  type BooleanValue,
  between,
  boolean,
  byEntity,
  byTime,
  type ColumnValues,
  caseWhen,
  choice,
  complete,
  count,
  countDistinct,
  csv,
  type DurationValue,
  day,
  days,
  derived,
  double,
  exceedsBaseRate,
  type FeatureView,
  featureView,
  first,
  fromLabel,
  hours,
  integer,
  integers,
  label,
  last,
  lastN,
  latest,
  localTimestamp,
  max,
  mean,
  min,
  minutes,
  type NumericValue,
  noWorseThanChampion,
  oneOf,
  quantile,
  rowCount,
  share,
  source,
  staticTable,
  sum,
  type TextValue,
  type TimestampValue,
  text,
  timestamp,
  uniform,
  usd,
  variance,
  window,
  withJoinKeys,
  xgboost,
} from '../../../lib/definition/index.ts';
import type { Duration } from '../../../lib/units/duration.ts';

const columns = {
  at: timestamp(),
  delay: integer(),
  price: double(),
  cancelled: boolean(),
  origin: text(),
};
const format = csv({ header: true });
const trips = source('trips', { format, columns, eventTime: 'at', knownTime: 'at', partition: day('at') });

declare const row: ColumnValues<typeof columns>;
declare const someNumber: number;

// Expressions: the static type of a result is the type that SQL gives it.
expectTypeOf(row.delay).toEqualTypeOf<NumericValue<'integer'>>();
expectTypeOf(row.delay.plus(30)).toEqualTypeOf<NumericValue<'integer'>>();
expectTypeOf(row.delay.plus(0.5)).toEqualTypeOf<NumericValue<'double'>>();
expectTypeOf(row.delay.times(row.price)).toEqualTypeOf<NumericValue<'double'>>();
expectTypeOf(row.price.plus(1)).toEqualTypeOf<NumericValue<'double'>>();
expectTypeOf(row.delay.dividedBy(2)).toEqualTypeOf<NumericValue<'double'>>();
expectTypeOf(row.delay.plus(someNumber)).toEqualTypeOf<NumericValue<'integer' | 'double'>>();
expectTypeOf(row.delay.orElse(0)).toEqualTypeOf<NumericValue<'integer'>>();
expectTypeOf(row.delay.atLeast(15)).toEqualTypeOf<BooleanValue>();
expectTypeOf(caseWhen([[row.delay.atLeast(15), 1]], 0)).toEqualTypeOf<NumericValue<'integer'>>();
expectTypeOf(caseWhen([[row.delay.atLeast(15), row.price]])).toEqualTypeOf<NumericValue<'double'>>();
expectTypeOf(caseWhen([[row.delay.atLeast(15), row.origin]], 'none')).toEqualTypeOf<TextValue>();
expectTypeOf(caseWhen([[row.delay.atLeast(15), true]], row.cancelled)).toEqualTypeOf<BooleanValue>();
expectTypeOf(caseWhen([[row.cancelled, row.at]])).toEqualTypeOf<TimestampValue>();
expectTypeOf(caseWhen([[row.cancelled, 1]], 'none')).toEqualTypeOf<never>();
// @ts-expect-error a number is no condition
caseWhen([[row.delay, 1]]);
// @ts-expect-error a length of time is no plain number
caseWhen([[row.cancelled, minutes(3)]]);
expectTypeOf(row.at.hour('Europe/Berlin')).toEqualTypeOf<NumericValue<'integer'>>();
// @ts-expect-error a zone is a name
row.at.weekday(2);
// @ts-expect-error a place is needed
localTimestamp({ repeated: 'later' });
// @ts-expect-error one of two times
localTimestamp({ zone: 'Europe/Berlin', repeated: 'first' });
expectTypeOf(row.at.minus(hours(2))).toEqualTypeOf<TimestampValue>();
expectTypeOf(row.at.weekday()).toEqualTypeOf<NumericValue<'integer'>>();
expectTypeOf(minutes(3)).toEqualTypeOf<Duration>();
expectTypeOf(minutes(row.price)).toEqualTypeOf<DurationValue>();

// @ts-expect-error a text is no number
row.delay.plus('3');
// @ts-expect-error a text is not compared with a number
row.origin.equals(3);
// @ts-expect-error a text has no order
row.origin.atLeast('A');
// @ts-expect-error a number is not compared with a text
row.delay.equals('15');
// @ts-expect-error a number is not compared with a timestamp
row.delay.atLeast(row.at);
// @ts-expect-error a plain number is no length of time
row.at.plus(30);
// @ts-expect-error a number of the row is no length of time
row.at.plus(row.delay);
// @ts-expect-error a length of time is no plain number
row.delay.plus(minutes(3));
// @ts-expect-error a timestamp is not added to a timestamp
row.at.plus(row.at);
// @ts-expect-error only a timestamp has a weekday
row.delay.weekday();
// @ts-expect-error a condition is not a number
row.cancelled.plus(1);
// @ts-expect-error there is no such column
row.arrival;
// @ts-expect-error operators do not apply to expressions
row.delay > 15;
// @ts-expect-error lengths of texts are not known
minutes(row.origin);

// Sources.
// @ts-expect-error the event time is a timestamp
source('trips', { format, columns, eventTime: 'delay', knownTime: 'at', partition: day('at') });
// @ts-expect-error the event time is a column
source('trips', { format, columns, eventTime: 'departure', knownTime: 'at', partition: day('at') });
// @ts-expect-error the known time is a timestamp
source('trips', { format, columns, eventTime: 'at', knownTime: ({ delay }) => delay, partition: day('at') });
// @ts-expect-error a partition is by day of a timestamp
source('trips', { format, columns, eventTime: 'at', knownTime: 'at', partition: day('origin') });
// @ts-expect-error a file without header is not read
csv({ header: false });
source('trips', {
  format,
  columns,
  eventTime: 'at',
  knownTime: minutes(30),
  partition: day('at'),
  key: ['origin', 'at'],
});
// @ts-expect-error a key names columns
source('trips', { format, columns, eventTime: 'at', knownTime: 'at', partition: day('at'), key: ['id'] });

const rest = { format, columns, eventTime: 'at', knownTime: 'at', partition: day('at') } as const;
source('trips', {
  ...rest,
  rows: [complete('at', 'delay'), between('price', 0, 9.5), oneOf('origin', 'A')],
  checks: [rowCount({ min: 1 })],
});
// @ts-expect-error a rule names a column
source('trips', { ...rest, rows: [complete('arrival')] });
// @ts-expect-error only numbers lie between numbers
source('trips', { ...rest, rows: [between('origin', 0, 1)] });
// @ts-expect-error only texts are one of texts
source('trips', { ...rest, rows: [oneOf('delay', 'A')] });

// Feature views.
const view = { entity: ['origin'], windows: [hours(3)] } as const;
featureView('v', trips, {
  ...view,
  ttl: hours(1),
  where: ({ cancelled }) => cancelled.not(),
  aggregates: {
    trips: count(),
    total: sum('delay'),
    early: sum(({ delay }) => delay.minus(10)),
    mean: mean('delay'),
    late: share(({ delay, price }) => delay.atLeast(15).and(price.moreThan(2.5))),
    cancelled: share('cancelled'),
    price: latest('price'),
    dear: latest(({ price }) => price.times(2)),
    late_trips: count({ where: ({ delay }) => delay.atLeast(15), over: [hours(3)] }),
    origins: countDistinct('origin'),
    late_origins: countDistinct(({ origin }) => origin.orElse('?'), { where: ({ cancelled }) => cancelled.not() }),
    paid: sum('price', { scale: 2, default: 0 }),
    fees: mean(({ price }) => price.times(0.1), { scale: 4, where: ({ cancelled }) => cancelled }),
    spread: variance(({ delay }) => delay.minus(1), { where: ({ cancelled }) => cancelled.not() }),
    least: min('delay'),
    most: max(({ price }) => price, { default: -1 }),
    any: first('cancelled'),
    newest: last('price', { where: ({ cancelled }) => cancelled.not() }),
    recent: lastN('delay', 3),
    recently_dear: lastN(({ price }) => price.moreThan(99.5), 2, { where: ({ cancelled }) => cancelled.not() }),
    median: quantile('price', 0.5),
    excess: quantile(({ delay }) => delay.minus(15), 0.9, { default: 0 }),
  },
});
// @ts-expect-error a text has no sum
featureView('v', trips, { ...view, aggregates: { total: sum('origin') } });
// @ts-expect-error a double is summed to a number of digits
featureView('v', trips, { ...view, aggregates: { total: sum('price') } });
// @ts-expect-error a double has a mean to a number of digits
featureView('v', trips, { ...view, aggregates: { total: mean(({ price }) => price) } });
// @ts-expect-error whole numbers are summed as they are
featureView('v', trips, { ...view, aggregates: { total: sum('delay', { scale: 2 }) } });
// @ts-expect-error whole numbers are summed as they are
featureView('v', trips, { ...view, aggregates: { total: variance(({ delay }) => delay, { scale: 2 }) } });
// @ts-expect-error what adds nothing up has no scale
featureView('v', trips, { ...view, aggregates: { most: max('price', { scale: 2 }) } });
// @ts-expect-error a filter of an aggregate is over columns
featureView('v', trips, { ...view, aggregates: { n: count({ where: ({ arrival }) => arrival }) } });
// @ts-expect-error a filter of an aggregate is a condition
featureView('v', trips, { ...view, aggregates: { most: max('delay', { where: ({ delay }) => delay }) } });
// @ts-expect-error there is no such option
featureView('v', trips, { ...view, aggregates: { n: count({ wher: ({ cancelled }) => cancelled }) } });
// @ts-expect-error a default is a number
featureView('v', trips, { ...view, aggregates: { most: max('delay', { default: 'none' }) } });
// @ts-expect-error doubles that differ in their last digit are not worth counting
featureView('v', trips, { ...view, aggregates: { prices: countDistinct('price') } });
// @ts-expect-error a text is not the greatest
featureView('v', trips, { ...view, aggregates: { most: max('origin') } });
// @ts-expect-error the last of how many
featureView('v', trips, { ...view, aggregates: { recent: lastN('delay') } });
// @ts-expect-error the last values are numbers
featureView('v', trips, { ...view, aggregates: { recent: lastN('origin', 3) } });
// @ts-expect-error a condition has no quantile
featureView('v', trips, { ...view, aggregates: { median: quantile('cancelled', 0.5) } });
// @ts-expect-error which quantile
featureView('v', trips, { ...view, aggregates: { median: quantile('delay') } });
// @ts-expect-error there is no such column
featureView('v', trips, { ...view, aggregates: { total: mean('arrival') } });
// @ts-expect-error a share is of a condition
featureView('v', trips, { ...view, aggregates: { late: share(({ delay }) => delay) } });
// @ts-expect-error a share is of a boolean column
featureView('v', trips, { ...view, aggregates: { late: share('delay') } });
// @ts-expect-error there is no such column in a condition
featureView('v', trips, { ...view, aggregates: { late: share(({ arrival }) => arrival) } });
// @ts-expect-error a latest value is a number
featureView('v', trips, { ...view, aggregates: { from: latest('origin') } });
// @ts-expect-error an entity is named by texts or whole numbers
featureView('v', trips, { ...view, entity: ['price'], aggregates: { trips: count() } });
featureView('v', trips, {
  entity: ['origin'],
  windows: [hours(3), window(days(7), { hop: hours(1), end: 'open' })],
  aggregates: { trips: count() },
});
// @ts-expect-error a window has two kinds of ends
window(hours(3), { start: 'shut' });
// @ts-expect-error a hop is a length of time, not a number
window(hours(3), { hop: 15 });
// @ts-expect-error a window is a length of time, not a number
featureView('v', trips, { ...view, windows: [3], aggregates: { trips: count() } });
// @ts-expect-error a filter is a condition
featureView('v', trips, { ...view, where: ({ delay }) => delay, aggregates: { trips: count() } });

// Static tables.
const places = staticTable('places', { format, columns: { place: text(), height: integer() }, key: ['place'] });
featureView('p', places, {
  entity: ['place'],
  where: ({ height }) => height.moreThan(0),
  aggregates: { height: latest('height', { default: 0 }), high: latest(({ height }) => height.moreThan(1_000)) },
});
// @ts-expect-error its rows have no time to be counted in
featureView('p', places, { entity: ['place'], aggregates: { n: count() } });
// @ts-expect-error its rows have no time to be in a window
featureView('p', places, { entity: ['place'], windows: [hours(3)], aggregates: { height: latest('height') } });
// @ts-expect-error its rows have no time after which they end
featureView('p', places, { entity: ['place'], ttl: hours(3), aggregates: { height: latest('height') } });
// @ts-expect-error it has no such column
featureView('p', places, { entity: ['place'], aggregates: { height: latest('depth') } });
// @ts-expect-error a label has a time
label(places, { at: 'place', is: 'height' });

// Join keys, derived features and splits.
const routes = featureView('routes', trips, {
  entity: ['origin', 'delay'],
  windows: [hours(3)],
  aggregates: { trips: count() },
});
expectTypeOf(routes).toEqualTypeOf<FeatureView<'origin' | 'delay'>>();
withJoinKeys(routes, { origin: 'destination' }, { name: 'routes_back' });
// @ts-expect-error the view has no such entity
withJoinKeys(routes, { price: 'price' }, { name: 'routes_back' });
// @ts-expect-error another view has another name
withJoinKeys(routes, { origin: 'destination' });
derived({
  trend: ({ feature }) => feature('routes__trips_3h').minus(feature('routes__trips_24h').dividedBy(8)),
  busy: ({ feature }) => feature('trend').moreThan(0),
});
// @ts-expect-error a derived feature is a number or a condition
derived({ none: () => 'text' });
// @ts-expect-error features are numbers
derived({ none: ({ feature }) => feature('a').weekday() });
byEntity({ entity: ['origin'], train: 0.8, validation: 0.1, test: 0.1 });
// @ts-expect-error whose rows stay together
byEntity({ train: 0.8, validation: 0.1, test: 0.1 });

// Labels.
label(trips, { at: ({ at }) => at.minus(hours(2)), is: 'cancelled' });
// @ts-expect-error the label's time is a timestamp
label(trips, { at: ({ delay }) => delay, is: 'cancelled' });
// @ts-expect-error the label is a condition
label(trips, { at: 'at', is: ({ delay }) => delay });
// @ts-expect-error the label is a boolean column
label(trips, { at: 'at', is: 'delay' });
fromLabel(trips, { weekday: ({ at }) => at.weekday(), price: 'price', cancelled: 'cancelled' });
// @ts-expect-error a feature is a number
fromLabel(trips, { from: 'origin' });
// @ts-expect-error a feature is a number, not a time
fromLabel(trips, { at: ({ at }) => at });

// Model, gates, amounts.
const model = {
  objective: 'binary:logistic',
  rounds: 10,
  trials: 2,
  instance: 'ml.m5.xlarge',
  maxRuntime: minutes(5),
} as const;
xgboost({ ...model, search: { max_depth: integers(3, 8), eta: uniform(0.1, 0.3), grow_policy: choice('lossguide') } });
// @ts-expect-error XGBoost has no such parameter
xgboost({ ...model, search: { depth: choice(3) } });
// @ts-expect-error a word is not searched over numbers
xgboost({ ...model, search: { grow_policy: uniform(0, 1) } });
// @ts-expect-error it has no such word
xgboost({ ...model, search: { grow_policy: choice('widest') } });
// @ts-expect-error a number is not a word
xgboost({ ...model, parameters: { eta: 'fast' } });
// @ts-expect-error the label is binary
xgboost({ ...model, objective: 'reg:squarederror' });
// @ts-expect-error a runtime is a length of time
xgboost({ ...model, maxRuntime: 30 });
// @ts-expect-error the base rate is what PR-AUC is compared with
exceedsBaseRate('log_loss', 0.1);
// @ts-expect-error no such metric
noWorseThanChampion('accuracy');
// @ts-expect-error three shares
byTime({ train: 0.8, test: 0.2 });
expectTypeOf(usd(6)).not.toEqualTypeOf<bigint>();
