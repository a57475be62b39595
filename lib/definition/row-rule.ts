import type { ColumnMap, ColumnName } from './column.ts';

/** Rows that lack one of the columns are quarantined. */
export interface CompleteRule<Name extends string = string> {
  readonly kind: 'complete';
  readonly columns: readonly Name[];
}

/** Rows whose value lies outside `[min, max]`, both ends inclusive, are quarantined; a null passes. */
export interface BetweenRule<Name extends string = string> {
  readonly kind: 'between';
  readonly column: Name;
  readonly min: number;
  readonly max: number;
}

/** Rows whose text is none of the values are quarantined; a null passes. */
export interface OneOfRule<Name extends string = string> {
  readonly kind: 'one-of';
  readonly column: Name;
  readonly values: readonly string[];
}

/** Rows whose whole text does not match the pattern are quarantined; a null passes. */
export interface MatchesRule<Name extends string = string> {
  readonly kind: 'matches';
  readonly column: Name;
  readonly pattern: string;
}

/** What every row must satisfy on its own. */
export type RowRule = CompleteRule | BetweenRule | OneOfRule | MatchesRule;

/** Rules over columns of the types that they take. */
export type RuleOver<C extends ColumnMap> =
  | CompleteRule<ColumnName<C>>
  | BetweenRule<ColumnName<C, 'integer' | 'double'>>
  | OneOfRule<ColumnName<C, 'text'>>
  | MatchesRule<ColumnName<C, 'text'>>;

export const complete = <const Name extends string>(...columns: readonly Name[]): CompleteRule<Name> => ({
  kind: 'complete',
  columns,
});

export const between = <const Name extends string>(column: Name, min: number, max: number): BetweenRule<Name> => ({
  kind: 'between',
  column,
  min,
  max,
});

export const oneOf = <const Name extends string>(column: Name, ...values: readonly string[]): OneOfRule<Name> => ({
  kind: 'one-of',
  column,
  values,
});

/** The pattern keeps to what both engines read alike: characters, classes, groups, alternatives and quantifiers. */
export const matches = <const Name extends string>(column: Name, pattern: string): MatchesRule<Name> => ({
  kind: 'matches',
  column,
  pattern,
});
