/** Where a text stops being JSON. */
export interface JsonFault {
  /** In UTF-16 code units, from 0. */
  readonly offset: number;
  /** What is there: `'}'`, or `the end of the text`. */
  readonly found: string;
}

type Expectation = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end';

const TOKEN =
  /[{}[\],:]|"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;
const SPACE = /[ \t\n\r]*/y;

/** The first place at which a text is not JSON; undefined for JSON. Without recursion, however deep it is. */
export function findJsonFault(text: string): JsonFault | undefined {
  const walk = new JsonWalk();
  let offset = 0;
  for (;;) {
    offset = skipSpace(text, offset);
    if (offset === text.length) return walk.isComplete ? undefined : { offset, found: 'the end of the text' };
    TOKEN.lastIndex = offset;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined || !walk.accept(token)) return { offset, found: `'${text.slice(offset, offset + 12)}'` };
    offset += token.length;
  }
}

function skipSpace(text: string, offset: number): number {
  SPACE.lastIndex = offset;
  return offset + (SPACE.exec(text)?.[0].length ?? 0);
}

/** What may come next while JSON is read token by token. */
class JsonWalk {
  readonly #open: ('{' | '[')[] = [];
  #expected: Expectation | 'nothing' = 'value';

  get isComplete(): boolean {
    return this.#expected === 'nothing';
  }

  accept(token: string): boolean {
    switch (token) {
      case '{':
      case '[':
        return this.#begin(token);
      case '}':
      case ']':
        return this.#end(token === '}' ? '{' : '[');
      case ',':
        return this.#follow('comma or end', this.#open.at(-1) === '{' ? 'key' : 'value');
      case ':':
        return this.#follow('colon', 'value');
      default:
        return this.#scalar(token.startsWith('"'));
    }
  }

  #begin(bracket: '{' | '['): boolean {
    if (!this.#expected.startsWith('value')) return false;
    this.#open.push(bracket);
    this.#expected = bracket === '{' ? 'key or end' : 'value or end';
    return true;
  }

  #end(bracket: '{' | '['): boolean {
    if (this.#open.at(-1) !== bracket || !this.#expected.endsWith('or end')) return false;
    this.#open.pop();
    this.#afterValue();
    return true;
  }

  #scalar(isText: boolean): boolean {
    if (isText && this.#expected.startsWith('key')) {
      this.#expected = 'colon';
      return true;
    }
    if (!this.#expected.startsWith('value')) return false;
    this.#afterValue();
    return true;
  }

  #follow(expected: Expectation, next: Expectation): boolean {
    if (this.#expected !== expected) return false;
    this.#expected = next;
    return true;
  }

  #afterValue(): void {
    this.#expected = this.#open.length === 0 ? 'nothing' : 'comma or end';
  }
}

/** `line 3, column 14`, both from 1. */
export function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
