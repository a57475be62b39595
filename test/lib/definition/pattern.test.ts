import { describe, expect, it } from 'vitest';
import { isPortablePattern } from '../../../lib/definition/pattern.ts';

describe('isPortablePattern', () => {
  it.each(['[A-Z]{3}', 'a|b', '(ab)+c?', '[^a-z]', String.raw`1\.5`, 'x{2,}', '.*', '-?[0-9]+', "O'H"])(
    'accepts %s',
    (pattern) => {
      expect(isPortablePattern(pattern)).toBe(true);
    },
  );

  it.each([
    '',
    '^a',
    'a$',
    String.raw`\d`,
    String.raw`\bx`,
    '(?=a)',
    '(?i)a',
    String.raw`(a)\1`,
    'a++',
    'a*?',
    '(a',
    'a)',
    '[a',
    '[a&&b]',
    '[[:alpha:]]',
    '(a{9}){9}',
    'x{1000}',
    'é',
    '[z-a]',
    '{2}',
    '\n',
  ])('refuses %s', (pattern) => {
    expect(isPortablePattern(pattern)).toBe(false);
  });
});
