import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault, lineAndColumn } from '../../../../lib/cost/templates/json-position.ts';

describe('findJsonFault', () => {
  it('finds no fault in JSON, and some fault in what the parser refuses', () => {
    const nearlyJson = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', '"', '0', '\n', 'x'))
      .map(([json, place, extra]) => {
        const at = place % (json.length + 1);
        return json.slice(0, at) + extra + json.slice(extra === '' ? at + 1 : at);
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), nearlyJson, fc.string()), (candidate) => {
        expect(findJsonFault(candidate) === undefined).toBe(parses(candidate));
      }),
      { numRuns: 3000 },
    );
  });

  it('says where', () => {
    const text = '{\n  "a": [1,]\n}';
    const fault = findJsonFault(text);

    expect(fault).toMatchObject({ offset: 12 });
    expect(lineAndColumn(text, 12)).toBe('line 2, column 11');
  });

  function parses(candidate: string): boolean {
    try {
      JSON.parse(candidate);
      return true;
    } catch {
      return false;
    }
  }
});
