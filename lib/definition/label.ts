import type { ColumnMap, ColumnName, ColumnValues } from './column.ts';
import { evaluate, type Formula } from './formula.ts';
import type { AnySource, Source } from './source.ts';
import type { BooleanValue, NumericType, NumericValue, TimestampValue } from './value.ts';

export interface LabelOptions<C extends ColumnMap> {
  /** When the prediction is made: features are what was known then. */
  readonly at: NoInfer<ColumnName<C, 'timestamp'>> | ((columns: ColumnValues<NoInfer<C>>) => TimestampValue);
  /** What is predicted; a row for which it is null is no label. */
  readonly is: NoInfer<ColumnName<C, 'boolean'>> | ((columns: ColumnValues<NoInfer<C>>) => BooleanValue);
}

/** The question: one label for each row of the source. */
export interface Label {
  readonly kind: 'label';
  readonly source: AnySource;
  readonly at: Formula;
  readonly is: Formula;
}

export function label<C extends ColumnMap>(source: Source<C>, { at, is }: LabelOptions<C>): Label {
  return { kind: 'label', source, at: evaluate(source.columns, at), is: evaluate(source.columns, is) };
}

type LabelFeature<C extends ColumnMap> =
  | ColumnName<C, 'integer' | 'double' | 'boolean'>
  | ((columns: ColumnValues<C>) => NumericValue<NumericType> | BooleanValue);

/** Features that the label's own row carries: what is known of it when the prediction is made, such as a calendar. */
export interface LabelFeatures {
  readonly kind: 'label-features';
  readonly source: AnySource;
  readonly features: readonly { readonly name: string; readonly value: Formula }[];
}

export function fromLabel<C extends ColumnMap>(
  source: Source<C>,
  features: Readonly<Record<string, LabelFeature<NoInfer<C>>>>,
): LabelFeatures {
  const entries: [string, LabelFeature<C>][] = Object.entries(features);
  return {
    kind: 'label-features',
    source,
    features: entries.map(([name, written]) => ({ name, value: evaluate(source.columns, written) })),
  };
}
