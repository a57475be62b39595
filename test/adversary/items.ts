import type { RawState } from './states-language.ts';
import { compilePath, jsonataTemplate } from './templates.ts';
import { type Data, UNKNOWN, type Value } from './values.ts';

/** What a Map may be given. */
export interface Items {
  /** One by one, as many as there can be. */
  readonly most: readonly Value[];
  /** Whether there may be fewer, or none. */
  readonly mayBeFewer: boolean;
}

/** `[$filter([0..9], …)]`: places in a list, as many as there are. */
const PLACES = /^\{%\s*\[\$filter\(\[0\.\.(\d+)\],/;

/** Undefined where nothing limits how many there are. */
export function itemsOf(state: RawState, language: string, data: Data): Items | undefined {
  const most = mostRead(state.ItemReader);
  if (state.ItemReader !== undefined) return most === undefined ? undefined : unknownItems(most);
  if (language !== 'JSONata') return literal(compilePath(state.ItemsPath ?? '$')(data));
  if (typeof state.Items !== 'string') return literal(jsonataTemplate(state.Items ?? '{% $states.input %}')(data));
  const last = PLACES.exec(state.Items)?.[1];
  if (last !== undefined) return unknownItems(Number(last) + 1);
  return literal(jsonataTemplate(state.Items)(data));
}

const unknownItems = (count: number): Items => ({
  most: Array.from({ length: count }, () => UNKNOWN),
  mayBeFewer: true,
});

/** Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html (2026-11-20). */
function mostRead(reader: unknown): number | undefined {
  const config = (reader as { readonly ReaderConfig?: { readonly MaxItems?: unknown } } | undefined)?.ReaderConfig;
  return typeof config?.MaxItems === 'number' ? config.MaxItems : undefined;
}

const literal = (value: Value | undefined): Items | undefined =>
  Array.isArray(value) ? { most: value, mayBeFewer: false } : undefined;

/** What one item's iteration begins with; a child execution of a distributed Map sees no variables. */
export function itemData(state: RawState, item: Value, data: Data): Data {
  const input = state['ItemSelector'] === undefined && state['Parameters'] === undefined ? item : UNKNOWN;
  return { input, variables: isDistributed(state) ? {} : data.variables };
}

/** Of a Map with any tolerance, every item may fail and the Map succeed: the least favourable reading. */
export const isTolerant = (state: RawState): boolean =>
  Object.keys(state).some((field) => field.startsWith('ToleratedFailure'));

export const processorOf = (state: RawState) => state.ItemProcessor ?? state.Iterator;

export const isDistributed = (state: RawState): boolean => processorOf(state)?.ProcessorConfig?.Mode === 'DISTRIBUTED';

/** Items that may be in flight at once. */
export const widthOf = ({ MaxConcurrency }: RawState, items: number): number =>
  typeof MaxConcurrency === 'number' && MaxConcurrency >= 1 ? Math.min(MaxConcurrency, items) : items;
