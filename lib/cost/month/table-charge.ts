import type { Diagnostic } from '../../errors/diagnostic.ts';
import type { CostContext } from '../cost-context.ts';
import { readLimit } from '../meters/limit.ts';
import { elementsOf, isSet, notKnown, type Setting, settingIn, unmeteredOption } from '../meters/setting.ts';
import { type Bounded, pricedLeaf, refused, sumBounded } from '../tree/bounded.ts';
import { HOURS_OF_MONTH } from './month-length.ts';

const CAPACITIES = [
  { property: 'ReadCapacityUnits', item: 'dynamodb.provisioned.read_capacity_unit_hour' },
  { property: 'WriteCapacityUnits', item: 'dynamodb.provisioned.write_capacity_unit_hour' },
];

/**
 * A table on demand costs by its requests and its storage, which are declared; provisioned capacity, the default, by
 * the hour, of the table and of each of its global indexes.
 * Source: https://aws.amazon.com/dynamodb/pricing (2026-11-20).
 */
export function boundTable(properties: Setting, context: CostContext): Bounded {
  const mode = settingIn(properties, 'BillingMode');
  if (mode.value === 'PAY_PER_REQUEST') return sumBounded('table on demand', mode.at, []);
  const indexes = elementsOf(settingIn(properties, 'GlobalSecondaryIndexes')) ?? [];
  const throughputs = [
    settingIn(properties, 'ProvisionedThroughput'),
    ...indexes.map((index) => settingIn(index, 'ProvisionedThroughput')).filter(isSet),
  ];
  const parts = throughputs.flatMap((throughput) =>
    CAPACITIES.map(({ property, item }) => boundCapacity(settingIn(throughput, property), item, context)),
  );
  const { node, diagnostics } = sumBounded('provisioned capacity of a table for 31 days', properties.at, parts);
  return { node, diagnostics: [...diagnostics, ...refuseClass(settingIn(properties, 'TableClass'))] };
}

/** Capacity of tables for data that is seldom read costs more. */
function refuseClass(tableClass: Setting): readonly Diagnostic[] {
  if (!isSet(tableClass) || tableClass.value === 'STANDARD') return [];
  const fix = 'set STANDARD';
  return [notKnown(tableClass, fix) ?? unmeteredOption(tableClass.at, 'has prices that no meter covers', fix)];
}

/** A global table on demand with one replica is a table; more of them, and capacity that scales itself, have no meter. */
export function boundGlobalTable(properties: Setting): Bounded {
  const mode = settingIn(properties, 'BillingMode');
  const replicas = settingIn(properties, 'Replicas');
  const isOnDemand = mode.value === 'PAY_PER_REQUEST';
  return refused('global table', properties.at, [
    ...(isOnDemand ? [] : [unmeteredOption(mode.at, 'has capacity that scales itself', 'set PAY_PER_REQUEST')]),
    ...(elementsOf(replicas)?.length === 1
      ? []
      : [unmeteredOption(replicas.at, 'repeats every write in other regions', 'list one replica')]),
  ]);
}

function boundCapacity(setting: Setting, item: string, { book }: CostContext): Bounded {
  const { value, at, diagnostics } = readLimit(setting, { expected: 'a literal number of units' });
  const factors = [
    { name: 'capacity units', at, quantity: BigInt(value) },
    { name: 'hours of 31 days', at, quantity: HOURS_OF_MONTH },
  ];
  const bound = pricedLeaf({ label: 'capacity for 31 days', at, item, factors }, book);
  return { node: bound.node, diagnostics: [...diagnostics, ...bound.diagnostics] };
}
