import type { AggregateKind, FeatureColumn, WindowProgram } from '../contracts/job-program.ts';
import type { ViewAggregate } from './feature-view.ts';
import { type WrittenWindow, windowProgram } from './window.ts';

/** What names the columns of an aggregate. */
type NamedAggregate = Pick<ViewAggregate, 'name' | 'positions' | 'over'> & { readonly kind: AggregateKind };

/**
 * The features that an aggregate gives: `view__aggregate_3h` for each window, `view__aggregate_3h_1` for each position
 * of `lastN`, `view__aggregate` for a latest value.
 */
export function featureColumns(
  view: string,
  { name, kind, positions, over }: NamedAggregate,
  windows: readonly WindowProgram[],
): readonly FeatureColumn[] {
  const stem = `${view}__${name}`;
  if (kind === 'latest') return [{ name: stem, window: null, position: null }];
  const wanted = over === undefined ? undefined : new Set(over.map((written) => windowProgram(written).suffix));
  return windows.flatMap(({ suffix }, window): readonly FeatureColumn[] => {
    if (wanted !== undefined && !wanted.has(suffix)) return [];
    if (kind !== 'last-n') return [{ name: `${stem}_${suffix}`, window, position: null }];
    return Array.from({ length: positions ?? 0 }, (_, index) => ({
      name: `${stem}_${suffix}_${index + 1}`,
      window,
      position: index + 1,
    }));
  });
}

/** A view's windows as the jobs know them, the shortest first. */
export function windowsOf(windows: readonly WrittenWindow[]): readonly WindowProgram[] {
  return windows
    .map(windowProgram)
    .toSorted((a, b) => a.microseconds - b.microseconds || (a.suffix < b.suffix ? -1 : 1));
}
