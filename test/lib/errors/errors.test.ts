import { describe, expect, it } from 'vitest';
import { assertNever, Fault, must } from '../../../lib/errors/fault.ts';
import { UserError } from '../../../lib/errors/user-error.ts';

describe('errors', () => {
  it('report every diagnostic at once, each with its fix', () => {
    const error = UserError.fromDiagnostics('pipeline.ts', [
      { code: 'a', severity: 'error', at: 'split', message: 'adds up to 0.9', fix: 'make it 1' },
      { code: 'b', severity: 'error', at: 'region', message: 'is mars-1', fix: 'use us-east-1' },
    ]);

    expect(error.message).toBe(
      'pipeline.ts has 2 problems\nsplit: adds up to 0.9\n  fix: make it 1\nregion: is mars-1\n  fix: use us-east-1',
    );
  });

  it('keep their cause', () => {
    const cause = new TypeError('no');
    expect(new UserError({ code: 'c', message: 'm', resolution: 'r', cause }).cause).toBe(cause);
  });

  it('name what a broken invariant expected', () => {
    expect(() => must(undefined, 'a state machine')).toThrow(new Fault('expected a state machine'));
    expect(must(0, 'a number')).toBe(0);
    expect(() => assertNever('surprise' as never)).toThrow('unhandled case "surprise"');
  });
});
