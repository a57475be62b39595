import {
  type ArithmeticOperator,
  type CaseBranch,
  type CastNode,
  type ComparisonOperator,
  type Expression,
  SQL_FUNCTIONS,
} from '../contracts/expression.ts';
import { UserError } from '../errors/user-error.ts';
import type { ColumnMap } from './column.ts';
import { type SqlToken, tokensOf } from './sql-tokens.ts';

const FUNCTION_NAMES = [...Object.keys(SQL_FUNCTIONS), 'coalesce'];
const COMPARISONS: Readonly<Record<string, ComparisonOperator>> = {
  '=': 'equals',
  '<': 'less-than',
  '<=': 'at-most',
  '>': 'more-than',
  '>=': 'at-least',
};
const CAST_TYPES: Readonly<Record<string, CastNode['type']>> = { bigint: 'integer', double: 'double' };
const SUMS: Readonly<Record<string, ArithmeticOperator>> = { '+': 'plus', '-': 'minus' };

/**
 * A SQL expression as a tree: `or`, `and`, `not`, comparisons, `is [not] null`, `between`, `in`, `+ - * / %`, `case`,
 * `cast`, columns, numbers, texts, `true`, `false` and the functions of `SQL_FUNCTIONS`. What a text means is what its
 * tree means, so it is the same on both engines; nothing of the text itself reaches one.
 * @throws UserError invalid-sql: names the token, its position and what is allowed there
 */
export function parseSql(text: string, columns: ColumnMap): Expression {
  const parser = new SqlParser(text, columns);
  return parser.whole();
}

class SqlParser {
  readonly #text: string;
  readonly #columns: ColumnMap;
  readonly #tokens: readonly SqlToken[];
  #next = 0;

  constructor(text: string, columns: ColumnMap) {
    this.#text = text;
    this.#columns = columns;
    this.#tokens = tokensOf(text);
  }

  whole(): Expression {
    const expression = this.#or();
    if (this.#peek() !== undefined) throw this.#unexpected('an operator or the end of the text');
    return expression;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#takes('or')) left = { kind: 'logic', operator: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#takes('and')) left = { kind: 'logic', operator: 'and', left, right: this.#not() };
    return left;
  }

  #not(): Expression {
    return this.#takes('not') ? { kind: 'not', operand: this.#not() } : this.#predicate();
  }

  #predicate(): Expression {
    const left = this.#sum();
    const operator = COMPARISONS[this.#peek()?.text ?? ''];
    if (operator !== undefined) {
      this.#next += 1;
      return { kind: 'comparison', operator, left, right: this.#sum() };
    }
    if (this.#takes('<>')) return { kind: 'not', operand: equal(left, this.#sum()) };
    if (this.#takes('is')) return this.#nullity(left);
    return this.#range(left);
  }

  #nullity(operand: Expression): Expression {
    const negated = this.#takes('not');
    this.#expect('null');
    return negated ? { kind: 'not', operand: { kind: 'is-null', operand } } : { kind: 'is-null', operand };
  }

  #range(left: Expression): Expression {
    const negated = this.#takes('not');
    const inside = this.#takes('between') ? this.#between(left) : this.#takes('in') ? this.#in(left) : undefined;
    if (inside === undefined && negated) throw this.#unexpected('between or in');
    return inside === undefined ? left : negated ? { kind: 'not', operand: inside } : inside;
  }

  #between(operand: Expression): Expression {
    const least = this.#sum();
    this.#expect('and');
    return {
      kind: 'logic',
      operator: 'and',
      left: { kind: 'comparison', operator: 'at-least', left: operand, right: least },
      right: { kind: 'comparison', operator: 'at-most', left: operand, right: this.#sum() },
    };
  }

  #in(operand: Expression): Expression {
    this.#expect('(');
    return this.#list()
      .map((value) => equal(operand, value))
      .reduce((left, right) => ({ kind: 'logic', operator: 'or', left, right }));
  }

  #sum(): Expression {
    let left = this.#product();
    for (let operator = SUMS[this.#peek()?.text ?? '']; operator !== undefined; ) {
      this.#next += 1;
      left = { kind: 'arithmetic', operator, left, right: this.#product() };
      operator = SUMS[this.#peek()?.text ?? ''];
    }
    return left;
  }

  #product(): Expression {
    let left = this.#signed();
    for (;;) {
      if (this.#takes('*')) left = { kind: 'arithmetic', operator: 'times', left, right: this.#signed() };
      else if (this.#takes('/')) left = { kind: 'arithmetic', operator: 'divided-by', left, right: this.#signed() };
      else if (this.#takes('%')) left = { kind: 'call', function: 'mod', arguments: [left, this.#signed()] };
      else return left;
    }
  }

  #signed(): Expression {
    if (!this.#takes('-')) return this.#primary();
    const zero: Expression = { kind: 'literal', type: 'integer', value: 0 };
    return { kind: 'arithmetic', operator: 'minus', left: zero, right: this.#signed() };
  }

  #primary(): Expression {
    const token = this.#peek();
    if (token === undefined) throw this.#unexpected('a column, a function or a constant');
    this.#next += 1;
    if (token.kind === 'number') return numberOf(token.text);
    if (token.kind === 'text') return { kind: 'literal', type: 'text', value: token.text };
    if (token.text === '(') return this.#enclosed();
    if (token.kind === 'word' && (token.text === 'true' || token.text === 'false'))
      return { kind: 'literal', type: 'boolean', value: token.text === 'true' };
    this.#next -= 1;
    if (this.#takes('case')) return this.#case();
    if (this.#takes('cast')) return this.#cast();
    if (token.kind === 'word' && this.#tokens[this.#next + 1]?.text === '(') return this.#call(token);
    return this.#column(token);
  }

  #enclosed(): Expression {
    const inner = this.#or();
    this.#expect(')');
    return inner;
  }

  /** With conditions, or with values that an operand is compared with. */
  #case(): Expression {
    const operand = this.#sees('when') ? null : this.#or();
    const branches: CaseBranch[] = [];
    this.#expect('when');
    do {
      const tested = this.#or();
      this.#expect('then');
      branches.push({ when: operand === null ? tested : equal(operand, tested), value: this.#orNull() });
    } while (this.#takes('when'));
    const otherwise = this.#takes('else') ? this.#orNull() : null;
    this.#expect('end');
    return { kind: 'case', branches, otherwise };
  }

  #orNull(): Expression | null {
    return this.#takes('null') ? null : this.#or();
  }

  #cast(): Expression {
    this.#expect('(');
    const operand = this.#or();
    this.#expect('as');
    const type = CAST_TYPES[this.#peek()?.text ?? ''];
    if (type === undefined) throw this.#unexpected('one of the types bigint, double');
    this.#next += 1;
    this.#expect(')');
    return { kind: 'cast', type, operand };
  }

  #call({ text: name }: SqlToken): Expression {
    if (!FUNCTION_NAMES.includes(name)) throw this.#unexpected(`one of the functions ${FUNCTION_NAMES.join(', ')}`);
    this.#next += 2;
    const parts = this.#list();
    if (name === 'coalesce') return parts.reduceRight((fallback, operand) => ({ kind: 'or-else', operand, fallback }));
    // Every name of the list but coalesce is a key of the table.
    return { kind: 'call', function: name as keyof typeof SQL_FUNCTIONS, arguments: parts };
  }

  #column(token: SqlToken): Expression {
    const column = Object.hasOwn(this.#columns, token.text) ? this.#columns[token.text] : undefined;
    const names = Object.keys(this.#columns).join(', ');
    if (token.kind === 'symbol' || column === undefined)
      throw this.#unexpected(`one of the columns ${names}, or one of the functions ${FUNCTION_NAMES.join(', ')}`);
    this.#next += 1;
    return { kind: 'column', name: token.text, type: column.type };
  }

  /** Up to the closing bracket. */
  #list(): readonly Expression[] {
    const items = [this.#or()];
    while (this.#takes(',')) items.push(this.#or());
    this.#expect(')');
    return items;
  }

  #peek(): SqlToken | undefined {
    return this.#tokens[this.#next];
  }

  #sees(text: string): boolean {
    const token = this.#peek();
    return token?.text === text && token.kind !== 'text' && token.kind !== 'quoted';
  }

  #takes(text: string): boolean {
    const sees = this.#sees(text);
    if (sees) this.#next += 1;
    return sees;
  }

  #expect(text: string): void {
    if (!this.#takes(text)) throw this.#unexpected(JSON.stringify(text));
  }

  #unexpected(allowed: string): UserError {
    const token = this.#peek();
    const found = token === undefined ? 'the end' : `${JSON.stringify(token.text)} at character ${token.at + 1}`;
    return new UserError({
      code: 'invalid-sql',
      message: `sql ${JSON.stringify(this.#text)}: ${found} is not allowed there`,
      resolution: `write ${allowed}`,
    });
  }
}

const equal = (left: Expression, right: Expression): Expression => ({
  kind: 'comparison',
  operator: 'equals',
  left,
  right,
});

const numberOf = (text: string): Expression => ({
  kind: 'literal',
  type: /^[0-9]+$/.test(text) ? 'integer' : 'double',
  value: Number(text),
});
