import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesWildcard } from '../../../../lib/cost/month/permissions.ts';

describe('a wildcard of a policy', () => {
  it('matches what the regular expression of it matches', () => {
    const patterns = fc.string({ unit: fc.constantFrom('*', '?', 'a', 'b', ':'), maxLength: 8 });
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', ':'), maxLength: 10 });

    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);

        expect(matchesWildcard(pattern, text)).toBe(expression.test(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes every other character as it is, in either case', () => {
    expect(matchesWildcard('States:Start*', 'states:StartExecution')).toBe(true);
    expect(matchesWildcard('states.StartExecution', 'states:StartExecution')).toBe(false);
    expect(matchesWildcard('states:[a-z]*', 'states:StartExecution')).toBe(false);
  });

  it('is decided at once, however long it is and however often it may match', () => {
    expect(matchesWildcard('x'.repeat(1_000_000), 'states:StartExecution')).toBe(false);
    expect(matchesWildcard('*a'.repeat(200), `${'a'.repeat(1_000)}b`)).toBe(false);
  }, 1_000);
});
