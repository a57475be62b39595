import type { ColumnType } from './column-schema.ts';

/** What an expression evaluates to; a duration is a whole number of microseconds, also a negative one. */
export type ValueType = ColumnType | 'duration';

export type ArithmeticOperator = 'plus' | 'minus' | 'times' | 'divided-by';
export type ComparisonOperator = 'at-least' | 'more-than' | 'at-most' | 'less-than' | 'equals';
export type CalendarField = 'weekday' | 'hour';
export type DurationUnit = 'second' | 'minute' | 'hour' | 'day';

/** The value of a column in the row at hand. */
export interface ColumnNode {
  readonly kind: 'column';
  readonly name: string;
  readonly type: ColumnType;
}

/** A constant; a whole number is an integer, any other number a double, a duration counts microseconds. */
export type LiteralNode =
  | { readonly kind: 'literal'; readonly type: 'integer' | 'double' | 'duration'; readonly value: number }
  | { readonly kind: 'literal'; readonly type: 'text'; readonly value: string }
  | { readonly kind: 'literal'; readonly type: 'boolean'; readonly value: boolean };

/** Numbers with numbers; a timestamp plus or minus a duration; durations with durations. Null if either side is. */
export interface ArithmeticNode {
  readonly kind: 'arithmetic';
  readonly operator: ArithmeticOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** Two numbers, or two values of one type. Null if either side is. */
export interface ComparisonNode {
  readonly kind: 'comparison';
  readonly operator: ComparisonOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** Three-valued: `false and null` is false, `true or null` is true, else null wins. */
export interface LogicNode {
  readonly kind: 'logic';
  readonly operator: 'and' | 'or';
  readonly left: Expression;
  readonly right: Expression;
}

export interface NotNode {
  readonly kind: 'not';
  readonly operand: Expression;
}

export interface IsNullNode {
  readonly kind: 'is-null';
  readonly operand: Expression;
}

/** The operand, or the fallback where it is null. */
export interface OrElseNode {
  readonly kind: 'or-else';
  readonly operand: Expression;
  readonly fallback: Expression;
}

/** The later of two timestamps; null if either is. */
export interface NotBeforeNode {
  readonly kind: 'not-before';
  readonly operand: Expression;
  readonly earliest: Expression;
}

/** A field of a timestamp: weekday 1 (Monday) to 7 (Sunday), hour 0 to 23. */
export interface CalendarNode {
  readonly kind: 'calendar';
  readonly field: CalendarField;
  /** IANA name of the place whose clocks are read; absent: UTC. */
  readonly zone?: string;
  readonly operand: Expression;
}

/** A number of units as a duration; a double is rounded to the nearest microsecond, halves up. */
export interface DurationNode {
  readonly kind: 'duration';
  readonly unit: DurationUnit;
  readonly amount: Expression;
}

/** Whether the whole text matches a pattern of the portable subset (`checkPattern`). */
export interface MatchesNode {
  readonly kind: 'matches';
  readonly operand: Expression;
  readonly pattern: string;
}

export interface CaseBranch {
  readonly when: Expression;
  /** Null: null. */
  readonly value: Expression | null;
}

/** The value of the first branch whose condition is true, else the other one; null where there is none. */
export interface CaseNode {
  readonly kind: 'case';
  readonly branches: readonly CaseBranch[];
  readonly otherwise: Expression | null;
}

/**
 * A number or a boolean (1 or 0) as a number of a type. A double becomes an integer by truncation, as Spark does it
 * (DuckDB would round); null beyond 2^53, where not every whole number is a double, and of NaN.
 */
export interface CastNode {
  readonly kind: 'cast';
  readonly type: 'integer' | 'double';
  readonly operand: Expression;
}

/**
 * Functions of `sql` texts: those that give the same bits on both engines for every argument. None else: logarithms,
 * powers and trigonometry differ in their last bit, `round` in its halves, `lower` and `upper` in Unicode, `concat` in
 * nulls, and what has no argument is no function of the row.
 */
export const SQL_FUNCTIONS = {
  /** Of a number; its type. */
  abs: 1,
  /** The whole number at or below, at or above a number; null beyond 2^53, where not every one is a double. */
  floor: 1,
  ceil: 1,
  /** A double; null of what is negative. */
  sqrt: 1,
  /** Of two integers, with the sign of the first; null where the second is zero. Also written `a % b`. */
  mod: 2,
  /** The first, or null where both are equal. */
  nullif: 2,
  /** Of two numbers; null if either is, unlike the engines' own. */
  least: 2,
  greatest: 2,
  /** Characters (code points) of a text. */
  length: 1,
} as const satisfies Readonly<Record<string, 1 | 2>>;
export type SqlFunction = keyof typeof SQL_FUNCTIONS;

export interface CallNode {
  readonly kind: 'call';
  readonly function: SqlFunction;
  readonly arguments: readonly Expression[];
}

export type SqlType = Exclude<ColumnType, 'timestamp'>;

/** A text in SQL, of a declared type: an integer expression is widened where that is a double. */
export interface SqlNode {
  readonly kind: 'sql';
  readonly type: SqlType;
  readonly text: string;
  /** What the text means over the columns; null until these are known. */
  readonly expression: Expression | null;
}

/** What is computed of one row: an immutable tree, never run by this package, rendered as SQL for each engine. */
export type Expression =
  | ColumnNode
  | LiteralNode
  | ArithmeticNode
  | ComparisonNode
  | LogicNode
  | NotNode
  | IsNullNode
  | OrElseNode
  | NotBeforeNode
  | CalendarNode
  | DurationNode
  | MatchesNode
  | CaseNode
  | CastNode
  | CallNode
  | SqlNode;
