import { describe, expect, it } from 'vitest';
import {
  count,
  list,
  nullable,
  oneOf,
  optional,
  readOrThrow,
  record,
  shape,
  tagged,
  text,
} from '../../../lib/contracts/reader.ts';

interface Box {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly note?: string;
  readonly parent: string | null;
}
const box = shape<Box>({ name: text, sizes: list(count), note: optional(text), parent: nullable(text) });

describe('reading JSON by a shape', () => {
  it('gives the same value where everything fits, fields it does not know included', () => {
    const json = { name: 'a', sizes: [1, 2], parent: null, later: true };

    expect(box(json, 'box')).toEqual({ value: json, diagnostics: [] });
  });

  it('reports every problem with its path, not the first', () => {
    const { value, diagnostics } = box({ name: 1, sizes: [1, -2, 'x'], note: 3 }, 'box');

    expect(value).toBeUndefined();
    expect(diagnostics.map(({ at, message }) => `${at} ${message}`)).toEqual([
      'box.name is 1, not a text',
      'box.sizes[1] is -2, not a whole number, zero or more',
      'box.sizes[2] is "x", not a whole number, zero or more',
      'box.note is 3, not a text',
      'box.parent is missing, not a text',
    ]);
  });

  it.each([
    [list(text), 'x', 'is "x", not a list'],
    [record(text), [], 'is [], not an object'],
    [record(count), { a: 1.5 }, 'is 1.5, not a whole number, zero or more'],
    [oneOf('a', 2), 'b', 'is "b", not "a" or 2'],
    [tagged('kind', { a: text }), { kind: 'b' }, 'is "b", not a'],
    [tagged('kind', { a: text }), null, 'is null, not an object'],
    [shape<Box>({ name: text, sizes: list(count), note: text, parent: text }), null, 'is null, not an object'],
  ])('says what was expected (%#)', (read, json, message) => {
    expect(read(json, 'here').diagnostics[0]?.message).toBe(message);
  });

  it('throws all of it as an error that the user can act on', () => {
    expect(() => readOrThrow(box, {}, 'event')).toThrow(/event has 3 problems\nevent.name: is missing/);
  });
});
