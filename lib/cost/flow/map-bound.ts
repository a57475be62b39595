import type { Diagnostic } from '../../errors/diagnostic.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { type CostNode, sum, times } from '../tree/cost-node.ts';
import type { MapState } from '../workflow/workflow.ts';
import type { Flow } from './flow.ts';
import { boundTries, type TryCosts } from './retried-bound.ts';
import type { WalkBound } from './walk-bound.ts';

/** Every item costs what the dearest one can; only as many as run at once can end badly. */
export function boundMap(state: MapState, flow: Flow): WalkBound {
  const items = flow.proofs.itemsOf(state);
  const each = boundItem(state, flow);
  const counted = items ?? { count: 1, at: itemsField(state) };
  const diagnostics = items === undefined ? [...each.diagnostics, unboundedMap(state)] : each.diagnostics;
  return { ...boundTries(state, costsOfTry(state, each, counted, flow)), diagnostics };
}

/** One iteration, or one child execution with its start and its end. */
function boundItem(state: MapState, flow: Flow): WalkBound {
  if (state.mode === 'inline') return flow.boundScope(state.processor, 'one item');
  const bound = flow.boundScope(state.processor, 'one execution');
  const startAndEnd = flow.transitions.leaf('start and end of the execution', state.processor.at, 2);
  const execution = (walk: CostNode): CostNode => sum('one execution', state.processor.at, [walk, startAndEnd]);
  return {
    anyhow: execution(bound.anyhow),
    successful: bound.successful === null ? null : execution(bound.successful),
    diagnostics: [...bound.diagnostics, ...(state.mode === 'express-children' ? [expressChildren(state)] : [])],
  };
}

interface ItemCount {
  readonly count: number;
  readonly at: string;
}

function costsOfTry(state: MapState, each: WalkBound, items: ItemCount, flow: Flow): TryCosts {
  const { name, at } = state;
  const transition = flow.transitions.leaf('transition', at);
  const all = (node: CostNode): CostNode => sum(name, at, [times('items', items.at, items.count, node), transition]);
  const { anyhow, successful } = each;
  if (toleratesFailures(state) || successful?.usd === anyhow.usd) {
    return { failing: all(anyhow), successful: all(anyhow) };
  }
  const atOnce = Math.min(concurrencyOf(state) ?? items.count, items.count);
  const failing = sum(name, at, [
    times('items at once', atOnce < items.count ? `${at}.MaxConcurrency` : items.at, atOnce, anyhow),
    ...(successful === null || atOnce === items.count
      ? []
      : [times('items before them', items.at, items.count - atOnce, successful)]),
    transition,
  ]);
  if (successful !== null) return { failing, successful: all(successful) };
  return { failing, successful: isNeverEmpty(state) ? null : sum(name, at, [transition]) };
}

const TOLERANCES = [
  'ToleratedFailureCount',
  'ToleratedFailureCountPath',
  'ToleratedFailurePercentage',
  'ToleratedFailurePercentagePath',
];

const toleratesFailures = ({ fields }: MapState): boolean => TOLERANCES.some((field) => fields[field] !== undefined);

/** A literal limit; 0, and what a run decides, is none. Source: https://states-language.net/spec.html#map-state (2026-11-20). */
function concurrencyOf({ fields }: MapState): number | undefined {
  const limit = fields['MaxConcurrency'];
  return typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 ? limit : undefined;
}

/** A Map without items succeeds even where no item could. */
const isNeverEmpty = ({ fields }: MapState): boolean => Array.isArray(fields['Items']) && fields['Items'].length > 0;

function itemsField(state: MapState): string {
  if (state.fields['ItemReader'] !== undefined) return `${state.at}.ItemReader.ReaderConfig.MaxItems`;
  return `${state.at}.${state.language === 'JSONata' ? 'Items' : 'ItemsPath'}`;
}

/** A selection such as `$items[[0..9]]` is none: of a list in a list it is the whole inner list. */
const LIST_FIXES = {
  JSONata: 'give a literal list, or places up to a literal one: {% [0..$min([9, $count($items) - 1])] %}',
  JSONPath: 'give a literal list, or places between literal ones: States.ArrayRange(0, 9, 1)',
} as const;

function unboundedMap(state: MapState): Diagnostic {
  const hasReader = state.fields['ItemReader'] !== undefined;
  return costDiagnostic('unbounded-map', {
    at: itemsField(state),
    message: hasReader
      ? 'does not limit how many items are read'
      : 'has no provable length: any number of items may be given',
    fix: hasReader ? 'set ItemReader.ReaderConfig.MaxItems to a number' : LIST_FIXES[state.language],
  });
}

function expressChildren({ processor }: MapState): Diagnostic {
  return costDiagnostic('unmetered-option', {
    at: `${processor.at}.ProcessorConfig.ExecutionType`,
    message: 'is EXPRESS: no property limits the memory that express executions are billed for',
    fix: 'set STANDARD',
  });
}
