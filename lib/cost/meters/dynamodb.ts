import type { Diagnostic } from '../../errors/diagnostic.ts';
import type { CostContext } from '../cost-context.ts';
import { isObject } from '../json-object.ts';
import type { TemplateResource } from '../templates/template-set.ts';
import { type Bounded, refused } from '../tree/bounded.ts';
import type { Factor } from '../tree/cost-node.ts';
import { isUnresolved } from '../unresolved.ts';
import { dearestOf, type Meter } from './meter.ts';
import { findNamed } from './named-resource.ts';
import { requestLeaf } from './request-leaf.ts';
import { elementsOf, isSet, malformed, notKnown, type Setting, settingIn, unmeteredOption } from './setting.ts';

/**
 * An item has 400 KB at most: 400 units of 1 KB to write, 100 of 4 KB to read consistently; a page of a query or scan
 * has 1 MB. Sources: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Limits.html and
 * …/capacity-mode/on-demand-capacity-mode.html (2026-11-20).
 */
const WRITE_UNITS = 400;
const READ_UNITS = 100;
const PAGE_UNITS = 256;

const WRITE_ITEM = 'dynamodb.ondemand.write_request_unit';
const READ_ITEM = 'dynamodb.ondemand.read_request_unit';
const TABLE = { types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'], nameProperty: 'TableName' };

/** Properties that decide what a request costs, or make it cost what no meter covers. */
const LIMITS = [
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
  'TableClass',
  'KinesisStreamSpecification',
  'Replicas',
];

/** How many requests of a kind one call is, and of how many units each. */
interface Requests {
  readonly items: number;
  /** 2 in a transaction. */
  readonly rounds: number;
}

/**
 * Reads of one table, at the price on demand: of a table with provisioned capacity a request costs nothing beyond that
 * capacity, so that the bound holds for both.
 */
const boundReads =
  (units: number): Meter =>
  (call, context) =>
    boundTable(settingIn(call.arguments, 'TableName'), context, (table) => {
      const consistent = settingIn(call.arguments, 'ConsistentRead');
      const isHalved = !isSet(consistent) || consistent.value === false;
      const quantity = BigInt(isHalved ? units / 2 : units);
      return leafOf(READ_ITEM, table, [{ name: 'read units', at: consistent.at, quantity }], context);
    });

export const boundGetItem = boundReads(READ_UNITS);
export const boundQuery = boundReads(PAGE_UNITS);

/** A write of one item: it and, in each index, the deletion of its old entry and a new one. */
export const boundWriteItem: Meter = (call, context) =>
  boundTable(settingIn(call.arguments, 'TableName'), context, (table) =>
    boundWrites(table, { items: 1, rounds: 1 }, context),
  );

/** Up to 25 writes of any of the named tables. Source: API BatchWriteItem (2026-11-20). */
export const boundBatchWrite: Meter = (call, context) =>
  boundTables(tablesOfBatch(call.arguments), context, (table) => boundWrites(table, { items: 25, rounds: 1 }, context));

/** Up to 100 reads of any of the named tables. Source: API BatchGetItem (2026-11-20). */
export const boundBatchGet: Meter = (call, context) =>
  boundTables(tablesOfBatch(call.arguments), context, (table) => boundGets(table, { items: 100, rounds: 1 }, context));

/** Up to 100 writes, each of which is prepared and committed. Source: API TransactWriteItems (2026-11-20). */
export const boundTransactWrite: Meter = (call, context) =>
  boundTables(tablesOfTransaction(call.arguments), context, (table) =>
    boundWrites(table, { items: 100, rounds: 2 }, context),
  );

/** Up to 100 reads, each of which is prepared and committed. Source: API TransactGetItems (2026-11-20). */
export const boundTransactGet: Meter = (call, context) =>
  boundTables(tablesOfTransaction(call.arguments), context, (table) =>
    boundGets(table, { items: 100, rounds: 2 }, context),
  );

type TableBound = (table: Setting) => Bounded;

function boundTable(name: Setting, context: CostContext, bound: TableBound): Bounded {
  const { value: table, diagnostics } = findNamed(name, TABLE, context);
  if (table === undefined) return refused('DynamoDB request', name.at, diagnostics);
  return dearestOf(variantsOf(table, context).map(bound));
}

function boundTables(names: readonly Setting[] | Diagnostic, context: CostContext, bound: TableBound): Bounded {
  if ('code' in names) return refused('DynamoDB request', names.at, [names]);
  return dearestOf(names.map((name) => boundTable(name, context, bound)));
}

const variantsOf = (table: TemplateResource, { templates }: CostContext): readonly Setting[] =>
  templates
    .variantsOf(table, LIMITS)
    .map((value) => ({ value, at: `${table.address}.Properties`, source: 'template' }));

function boundWrites(table: Setting, requests: Requests, context: CostContext): Bounded {
  const lists = ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes'].map((field) => settingIn(table, field));
  const indexes = lists.reduce((count, list) => count + (elementsOf(list)?.length ?? 0), 0);
  const [global] = lists;
  const copies = {
    name: 'writes of the table and its indexes',
    at: global?.at ?? table.at,
    quantity: BigInt(1 + 2 * indexes),
  };
  const units = { name: 'write units of an item', at: table.at, quantity: BigInt(WRITE_UNITS) };
  const bound = leafOf(WRITE_ITEM, table, [units, copies, ...factorsOf(table, requests)], context);
  return { node: bound.node, diagnostics: [...bound.diagnostics, ...lists.flatMap(refuseOpenList)] };
}

function boundGets(table: Setting, requests: Requests, context: CostContext): Bounded {
  const units = { name: 'read units of an item', at: table.at, quantity: BigInt(READ_UNITS) };
  return leafOf(READ_ITEM, table, [units, ...factorsOf(table, requests)], context);
}

const factorsOf = ({ at }: Setting, { items, rounds }: Requests): readonly Factor[] => [
  { name: 'items of a call', at, quantity: BigInt(items) },
  { name: 'rounds of a transaction', at, quantity: BigInt(rounds) },
];

function leafOf(item: string, table: Setting, factors: readonly Factor[], { book }: CostContext): Bounded {
  const bound = requestLeaf({ label: 'items of the greatest size', at: table.at, item, factors }, book);
  return { node: bound.node, diagnostics: [...bound.diagnostics, ...refusePaidOptions(table)] };
}

const refuseOpenList = (list: Setting): readonly Diagnostic[] =>
  !isSet(list) || elementsOf(list) !== undefined
    ? []
    : [notKnown(list, 'list the indexes') ?? malformed(list, 'a list')];

function refusePaidOptions(table: Setting): readonly Diagnostic[] {
  const replicas = settingIn(table, 'Replicas');
  const [own, ...others] = elementsOf(replicas) ?? [];
  const refusal = unmeteredOption(replicas.at, 'repeats every write in other regions', 'list one replica');
  return [
    ...[table, ...(own === undefined ? [] : [own])].flatMap(refuseDearer),
    ...(isSet(replicas) && (own === undefined || others.length > 0) ? [refusal] : []),
  ];
}

/** Options of a table, or of the one replica of a global table. */
function refuseDearer(table: Setting): readonly Diagnostic[] {
  const tableClass = settingIn(table, 'TableClass');
  const stream = settingIn(table, 'KinesisStreamSpecification');
  return [
    ...(isSet(tableClass) && tableClass.value !== 'STANDARD'
      ? [unmeteredOption(tableClass.at, 'has prices that no meter covers', 'set STANDARD')]
      : []),
    ...(isSet(stream) ? [unmeteredOption(stream.at, 'is billed for each change', 'leave it out')] : []),
  ];
}

/** `RequestItems` has the tables' names as its keys. */
function tablesOfBatch(call: Setting): readonly Setting[] | Diagnostic {
  const requests = settingIn(call, 'RequestItems');
  if (isUnresolved(requests.value) || !isObject(requests.value)) return refuseTables(requests);
  const names = Object.keys(requests.value);
  return names.length === 0
    ? refuseTables(requests)
    : names.map((value) => ({ value, at: requests.at, source: requests.source }));
}

/** Each of `TransactItems` is one action that names its table. */
function tablesOfTransaction(call: Setting): readonly Setting[] | Diagnostic {
  const list = settingIn(call, 'TransactItems');
  const items = elementsOf(list) ?? [];
  if (items.length === 0) return refuseTables(list);
  return items.map((item) => {
    const [action] = isObject(item.value) && !isUnresolved(item.value) ? Object.keys(item.value) : [];
    return settingIn(action === undefined ? item : settingIn(item, action), 'TableName');
  });
}

const refuseTables = (setting: Setting): Diagnostic =>
  notKnown(setting, 'name the tables') ?? malformed(setting, 'requests that name their tables');
