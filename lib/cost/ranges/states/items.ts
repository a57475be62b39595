import { isObject } from '../../json-object.ts';
import type { MapState } from '../../workflow/workflow.ts';
import { evaluatePath } from '../jsonpath/json-path.ts';
import { type AbstractValue, ANYTHING } from '../values/abstract-value.ts';
import { elementsIn } from '../values/lengths.ts';
import { evaluateTemplate, type Reading } from './template.ts';

/** The most items that a Map can have, and the path of the property that says so. */
export interface ItemCount {
  readonly count: number;
  readonly at: string;
}

/**
 * How many items a Map iterates over, at most: those of a literal or proven list, the pairs of an object, or as many as
 * `MaxItems` lets through of a data set.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html (2026-11-20): of more
 * items only the first `MaxItems` are passed on.
 */
export function countItems(map: MapState, reading: Reading): ItemCount | undefined {
  const { ItemReader } = map.fields;
  if (ItemReader !== undefined) return isObject(ItemReader) ? countRead(map, ItemReader['ReaderConfig']) : undefined;
  const { field, value } = itemsValue(map, reading);
  const count = countIn(value);
  return Number.isFinite(count) ? { count, at: `${map.at}.${field}` } : undefined;
}

function countRead(map: MapState, config: unknown): ItemCount | undefined {
  const most = isObject(config) ? config['MaxItems'] : undefined;
  const isLimit = typeof most === 'number' && Number.isSafeInteger(most) && most > 0;
  return isLimit ? { count: most, at: `${map.at}.ItemReader.ReaderConfig.MaxItems` } : undefined;
}

/** What the items are taken from, and the field that says so. */
function itemsValue(
  { fields, language }: MapState,
  reading: Reading,
): { readonly field: string; readonly value: AbstractValue } {
  if (language === 'JSONata') {
    const { Items } = fields;
    return {
      field: 'Items',
      value: Items === undefined ? reading.view.read(reading.document) : evaluateTemplate(Items, reading),
    };
  }
  const { ItemsPath = '$' } = fields;
  const value = typeof ItemsPath === 'string' ? evaluatePath(ItemsPath, reading.view, reading.document) : ANYTHING;
  return { field: 'ItemsPath', value };
}

/**
 * A Map over an object iterates over its fields; over anything else than an object or a list it fails.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemspath.html (2026-11-20).
 */
function countIn(value: AbstractValue): number {
  if (value.kind === 'anything') return Number.POSITIVE_INFINITY;
  const { lists, objects } = value;
  const fields = objects?.isOpen === true ? Number.POSITIVE_INFINITY : (objects?.fields.size ?? 0);
  return Math.max(lists?.most ?? 0, fields);
}

/** What one item can be, where the items are not read from a data set. */
export function itemOf(map: MapState, reading: Reading): AbstractValue {
  const { value } = itemsValue(map, reading);
  return map.fields['ItemReader'] !== undefined || value.kind === 'anything' || value.objects !== null
    ? ANYTHING
    : elementsIn({ ...value, numbers: null, scalars: new Set(), isAnyText: false });
}
