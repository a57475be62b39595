import type { Diagnostic } from '../../errors/diagnostic.ts';
import type { CostContext } from '../cost-context.ts';
import { elementsOf, isSet, type Setting, settingIn, unmeteredOption } from '../meters/setting.ts';
import { type Bounded, pricedLeaf } from '../tree/bounded.ts';

/** An alarm with a shorter period evaluates high-resolution metrics, at a price of its own. */
const STANDARD_RESOLUTION_SECONDS = 60;

/**
 * An alarm is billed for every metric that it evaluates; one on an anomaly band for the two ends of the band too.
 * Source: https://aws.amazon.com/cloudwatch/pricing (2026-11-20).
 */
export function boundAlarm(properties: Setting, { book }: CostContext): Bounded {
  const list = settingIn(properties, 'Metrics');
  const queries = elementsOf(list) ?? [];
  const isOnQueries = isSet(list);
  const metrics = queries.filter((query) => isSet(settingIn(query, 'MetricStat')));
  const bands = queries.filter((query) => expressionOf(query).includes('ANOMALY_DETECTION_BAND'));
  const at = isOnQueries ? list.at : properties.at;
  const count = isOnQueries ? metrics.length + 2 * bands.length : 1;
  const periods = isOnQueries
    ? queries.flatMap((query) => [settingIn(query, 'Period'), settingIn(settingIn(query, 'MetricStat'), 'Period')])
    : [settingIn(properties, 'Period')];
  const isFast = periods.some(isShort);
  const item = isFast ? 'cloudwatch.alarm.high_resolution' : 'cloudwatch.alarm.standard';
  const factors = [{ name: 'metrics of the alarm', at, quantity: BigInt(count) }];
  const bound = pricedLeaf({ label: 'alarm for a month', at, item, factors }, book);
  return { node: bound.node, diagnostics: [...bound.diagnostics, ...refuseQueries(list, queries)] };
}

const expressionOf = (query: Setting): string => String(settingIn(query, 'Expression').value ?? '');

/** A period that is not known may be short. */
const isShort = (period: Setting): boolean =>
  isSet(period) && !(Number(String(period.value)) >= STANDARD_RESOLUTION_SECONDS);

/** Queries that evaluate as many metrics as they find, or call a function. */
function refuseQueries(list: Setting, queries: readonly Setting[]): readonly Diagnostic[] {
  const fix = 'name the metrics one by one';
  if (isSet(list) && elementsOf(list) === undefined) return [unmeteredOption(list.at, 'is no list of metrics', fix)];
  return queries
    .filter((query) => /\b(SELECT|SEARCH|LAMBDA)\b/i.test(expressionOf(query)))
    .map((query) => unmeteredOption(`${query.at}.Expression`, 'evaluates as many metrics as it finds', fix));
}
