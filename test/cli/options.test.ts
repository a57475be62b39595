import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../cli/options.ts';
import { UserError } from '../../lib/errors/user-error.ts';

const table = {
  slot: { kind: 'value', value: 'TIME', summary: 'the slot' },
  engine: { kind: 'value', summary: 'the engine', allowed: ['duckdb', 'spark'] },
  json: { kind: 'flag', summary: 'as JSON' },
} as const;

const codeOf = (args: readonly string[]): string => {
  try {
    parseOptions('run', table, args);
    return 'accepted';
  } catch (error) {
    return error instanceof UserError ? error.code : String(error);
  }
};

describe('options of a command', () => {
  it('are read with what was not given as absent', () => {
    expect(parseOptions('run', table, ['show', '--slot', 'T', '--json'])).toEqual({
      options: { slot: 'T', engine: undefined, json: true },
      positionals: ['show'],
    });
    expect(parseOptions('run', table, ['--slot=T']).options.slot).toBe('T');
  });

  it.each([
    [['--slto', 'T'], 'unknown-option'],
    [['-x'], 'unknown-option'],
    [['--engine', 'pandas'], 'unknown-value'],
    [['--slot'], 'missing-value'],
    [['--json=yes'], 'unexpected-value'],
  ])('refuse %j as %s', (args, code) => {
    expect(codeOf(args)).toBe(code);
  });

  it('name what is allowed', () => {
    expect(() => parseOptions('run', table, ['--engine', 'pandas'])).toThrow('--engine is "pandas"');
  });
});
