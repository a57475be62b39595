import type { Scalar } from '../values/abstract-value.ts';
import type { ComparisonOperator } from '../values/number-range.ts';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

/** A JSONata expression as far as its range can be told. What is not read is `opaque`: it gives anything. */
export type Expression =
  | { readonly kind: 'opaque' }
  | { readonly kind: 'literal'; readonly value: Scalar | number }
  /** `$name.a.b`. */
  | Reference
  /** A field of what an expression gives, each time filtered. */
  | {
      readonly kind: 'field';
      readonly of: Expression;
      readonly name: string;
      readonly filters: readonly Expression[];
    }
  /** An expression evaluated for each element of another. */
  | { readonly kind: 'each'; readonly of: Expression; readonly each: Expression }
  | { readonly kind: 'filter'; readonly of: Expression; readonly by: Expression }
  /** `path[]`: a list even of one. */
  | { readonly kind: 'listed'; readonly of: Expression }
  | { readonly kind: 'list'; readonly parts: readonly ListPart[] }
  | { readonly kind: 'record'; readonly fields: readonly (readonly [name: string, value: Expression])[] }
  | { readonly kind: 'negation'; readonly of: Expression }
  | Binary<'arithmetic', ArithmeticOperator>
  | Binary<'comparison', ComparisonOperator>
  | Binary<'equality', '=' | '!='>
  | Binary<'logic', 'and' | 'or'>
  | Binary<'other', '&' | '..' | 'in'>
  | {
      readonly kind: 'condition';
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression | null;
    }
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly Expression[] }
  /** A call in the last place of a function: what it gives stays a sequence, even of one or none. */
  | { readonly kind: 'last-call'; readonly of: Expression }
  | { readonly kind: 'lambda'; readonly names: readonly string[]; readonly body: Expression }
  /** Statements, of which the last gives the value; each may bind a local variable. */
  | { readonly kind: 'block'; readonly statements: readonly Statement[] };

/** A path of plain field names that begins at a variable, `states` among them. */
export interface Reference {
  readonly kind: 'reference';
  readonly name: string;
  readonly path: readonly string[];
}

interface Binary<Kind extends string, Operator extends string> {
  readonly kind: Kind;
  readonly operator: Operator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface ListPart {
  readonly value: Expression;
  /** Written as a list itself: it is one element, other lists flow into the one around them. */
  readonly isNested: boolean;
}

export interface Statement {
  readonly binds: string | null;
  readonly value: Expression;
}

export const OPAQUE: Expression = { kind: 'opaque' };

/** Whether it gives the same wherever it is evaluated: it does not look at the element in hand. */
export function isContextFree(expression: Expression): boolean {
  switch (expression.kind) {
    case 'literal':
    case 'reference':
      return true;
    case 'list':
      return expression.parts.every(({ value }) => isContextFree(value));
    case 'negation':
      return isContextFree(expression.of);
    case 'arithmetic':
    case 'other':
      return isContextFree(expression.left) && isContextFree(expression.right);
    default:
      return false;
  }
}

/** Whether its value is that of a last call: JSONata filters the call then, and not what it gives. */
export function endsInCall(expression: Expression): boolean {
  switch (expression.kind) {
    case 'last-call':
      return true;
    case 'condition':
      return endsInCall(expression.whenTrue) || endsInCall(expression.whenFalse ?? OPAQUE);
    case 'block':
      return endsInCall(expression.statements.at(-1)?.value ?? OPAQUE);
    default:
      return false;
  }
}
