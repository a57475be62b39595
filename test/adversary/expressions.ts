import { UNKNOWN, type Value, valueAt } from './values.ts';

/** What an expression can see: `states.input`, `states.result`, variables by their names. */
export interface Sight {
  readonly input: Value;
  readonly variables: Readonly<Record<string, Value>>;
}

/** An expression's value; undefined where evaluating it fails, `UNKNOWN` where it depends on what is not known. */
export type Evaluation = (sight: Sight) => Value | undefined;

const TOKEN = /\s*(\d+(?:\.\d+)?|'[^']*'|"[^"]*"|\$?[A-Za-z_][\w.]*|\$|<=|>=|!=|[-+*/<>=(),[\]]|\.\.)/y;

type Operator = (left: Value, right: Value) => Value | undefined;

const numeric =
  (apply: (left: number, right: number) => Value): Operator =>
  (left, right) => {
    if (left === UNKNOWN || right === UNKNOWN) return UNKNOWN;
    return typeof left === 'number' && typeof right === 'number' ? apply(left, right) : undefined;
  };

const same =
  (ifSame: boolean): Operator =>
  (left, right) =>
    left === UNKNOWN || right === UNKNOWN ? UNKNOWN : (left === right) === ifSame;

/** `and` and `or`: one side may decide, whatever the other one is. */
const logical =
  (decisive: boolean): Operator =>
  (left, right) => {
    if (left === decisive || right === decisive) return decisive;
    return left === UNKNOWN || right === UNKNOWN ? UNKNOWN : !decisive;
  };

/** From the loosest to the tightest. */
const LEVELS: readonly Readonly<Record<string, Operator>>[] = [
  { or: logical(true) },
  { and: logical(false) },
  {
    '<': numeric((left, right) => left < right),
    '<=': numeric((left, right) => left <= right),
    '>': numeric((left, right) => left > right),
    '>=': numeric((left, right) => left >= right),
    '=': same(true),
    '!=': same(false),
  },
  { '+': numeric((left, right) => left + right), '-': numeric((left, right) => left - right) },
  { '*': numeric((left, right) => left * right) },
];

const compiled = new Map<string, Evaluation>();

/** The part of JSONata that generated machines use; what else there is has an unknown value. */
export function compileExpression(text: string): Evaluation {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const evaluation = parse(text);
  compiled.set(text, evaluation);
  return evaluation;
}

function parse(text: string): Evaluation {
  try {
    return new Parser(text).parse();
  } catch (error) {
    if (error instanceof Unreadable) return () => UNKNOWN;
    throw error;
  }
}

class Unreadable extends Error {}

class Parser {
  readonly #tokens: readonly string[];
  readonly #text: string;
  #place = 0;

  constructor(text: string) {
    this.#text = text;
    const tokens: string[] = [];
    TOKEN.lastIndex = 0;
    for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) tokens.push(match[1] ?? '');
    if (tokens.join('').length !== text.replaceAll(/\s/g, '').length) throw this.#unreadable();
    this.#tokens = tokens;
  }

  parse(): Evaluation {
    const evaluation = this.#level(0);
    if (this.#place < this.#tokens.length) throw this.#unreadable();
    return evaluation;
  }

  #level(depth: number): Evaluation {
    const operators = LEVELS[depth];
    if (operators === undefined) return this.#operand();
    let left = this.#level(depth + 1);
    for (let operator = operators[this.#peek()]; operator !== undefined; operator = operators[this.#peek()]) {
      this.#place += 1;
      left = binary(operator, left, this.#level(depth + 1));
    }
    return left;
  }

  #operand(): Evaluation {
    const token = this.#next();
    if (token === '(') return this.#closed(this.#level(0), ')');
    if (token === '-')
      return binary(
        numeric((zero, value) => zero - value),
        () => 0,
        this.#operand(),
      );
    if (token === '[') return this.#list();
    if (/^\d/.test(token)) return () => Number(token);
    if (/^['"]/.test(token)) return () => token.slice(1, -1);
    if (token === 'true' || token === 'false') return () => token === 'true';
    if (token.startsWith('$') && this.#peek() === '(') return this.#call(token);
    return token.startsWith('$') ? reference(token) : this.#fail();
  }

  #list(): Evaluation {
    const items: Evaluation[] = [];
    while (this.#peek() !== ']') {
      items.push(this.#level(0));
      if (this.#peek() === ',') this.#place += 1;
      else break;
    }
    return this.#closed(
      (sight) => items.map((item) => item(sight)).filter((item): item is Value => item !== undefined),
      ']',
    );
  }

  #call(name: string): Evaluation {
    this.#next();
    const given = this.#level(0);
    const rest: Evaluation[] = [];
    while (this.#peek() === ',') {
      this.#place += 1;
      rest.push(this.#level(0));
    }
    const call: Evaluation = (sight) => {
      const value = given(sight);
      return name === '$not' && value !== UNKNOWN ? value !== true : UNKNOWN;
    };
    return this.#closed(call, ')');
  }

  #closed(evaluation: Evaluation, bracket: string): Evaluation {
    return this.#next() === bracket ? evaluation : this.#fail();
  }

  #peek(): string {
    return this.#tokens[this.#place] ?? '';
  }

  #next(): string {
    const token = this.#peek();
    this.#place += 1;
    return token;
  }

  #fail(): never {
    throw this.#unreadable();
  }

  #unreadable(): Unreadable {
    return new Unreadable(`the adversary cannot read the expression ${this.#text}`);
  }
}

function binary(operator: Operator, left: Evaluation, right: Evaluation): Evaluation {
  return (sight) => {
    const first = left(sight);
    const second = right(sight);
    return first === undefined || second === undefined ? undefined : operator(first, second);
  };
}

function reference(token: string): Evaluation {
  const [name = '', ...path] = token.slice(1).split('.');
  if (name !== 'states') return ({ variables }) => valueAt(variables[name], path);
  const [root, ...rest] = path;
  return root === 'input' ? ({ input }) => valueAt(input, rest) : () => UNKNOWN;
}
