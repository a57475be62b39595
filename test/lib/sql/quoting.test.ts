import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DUCKDB } from '../../../lib/sql/duckdb.ts';
import { SPARK } from '../../../lib/sql/spark.ts';

/** Reads a quoted token as the engine's lexer does: its meaning, and what is left of the text. */
interface Lexed {
  readonly value: string;
  readonly rest: string;
}

/** A doubled quote is a quote; anything else ends it. DuckDB's texts and identifiers, Spark's identifiers. */
function lexDoubled(sql: string, quote: string): Lexed {
  expect(sql[0]).toBe(quote);
  let value = '';
  for (let index = 1; index < sql.length; index++) {
    if (sql[index] !== quote) value += sql[index];
    else if (sql[index + 1] === quote) value += sql[index++];
    else return { value, rest: sql.slice(index + 1) };
  }
  throw new Error('the token does not end');
}

/** A backslash escapes one character, `\uXXXX` four digits; variables are substituted before that. */
function lexSparkText(sql: string): Lexed {
  expect(sql[0]).toBe("'");
  expect(sql).not.toContain('${');
  let value = '';
  for (let index = 1; index < sql.length; index++) {
    if (sql[index] === "'") return { value, rest: sql.slice(index + 1) };
    if (sql[index] !== '\\') {
      value += sql[index];
      continue;
    }
    index++;
    if (sql[index] === 'u') {
      value += String.fromCharCode(Number.parseInt(sql.slice(index + 1, index + 5), 16));
      index += 4;
    } else {
      value += sql[index];
    }
  }
  throw new Error('the text does not end');
}

const hostile = fc
  .array(fc.oneof(fc.constantFrom("'", '"', '`', '\\', '$', '{', '}', '--', ';', 'u0027', '\n', 'é'), fc.string()))
  .map((parts) => parts.join('').replaceAll('\0', ''));

describe('quoting', () => {
  it('holds any text in a DuckDB literal', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(lexDoubled(DUCKDB.textLiteral(text), "'")).toEqual({ value: text, rest: '' });
      }),
    );
  });

  it('holds any text in a Spark literal', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(lexSparkText(SPARK.textLiteral(text))).toEqual({ value: text, rest: '' });
      }),
    );
  });

  it('holds any name in an identifier', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        expect(lexDoubled(DUCKDB.identifier(name), '"')).toEqual({ value: name, rest: '' });
        fc.pre(!name.includes('${'));
        expect(lexDoubled(SPARK.identifier(name), '`')).toEqual({ value: name, rest: '' });
      }),
    );
  });

  it('refuses what no quoting can hold', () => {
    for (const dialect of [DUCKDB, SPARK]) {
      expect(() => dialect.textLiteral('a\0b')).toThrow('U+0000');
      expect(() => dialect.identifier('a\0b')).toThrow();
    }
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Spark would substitute it
    expect(() => SPARK.identifier('${spark.app.name}')).toThrow('identifier');
  });
});
