import type { FeatureView } from './feature-view.ts';

/**
 * The same view for a label that names its entity by other columns, under another name: its rows are computed as they
 * are, and looked up by the label's columns. The meaning, and so the version, stays that of the view.
 */
export const withJoinKeys = <E extends string>(
  view: FeatureView<E>,
  /** Of a column of the view's entity, the column of the label; one that is left out keeps its name. */
  joinKeys: Readonly<Partial<Record<NoInfer<E>, string>>>,
  { name }: { readonly name: string },
): FeatureView<E> => ({ ...view, name, joinKeys: { ...view.joinKeys, ...joinKeys } });

/** The label's column that a column of the view's entity equals. */
export const joinKeyOf = ({ joinKeys }: FeatureView, column: string): string =>
  Object.hasOwn(joinKeys, column) ? (joinKeys[column] ?? column) : column;
