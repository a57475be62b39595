import { describe, expect, it } from 'vitest';
import { formatCount, formatSeconds, renderFields, renderTable } from '../../cli/table.ts';

describe('tables', () => {
  it('align their columns and leave no trailing space', () => {
    const rows = [
      ['run', 'rows'],
      ['a', '3,000,000'],
      ['longer', '7'],
    ];
    expect(renderTable(rows, ['left', 'right'])).toBe('run          rows\na       3,000,000\nlonger          7');
    expect(
      renderTable([
        ['a', ''],
        ['bb', ''],
      ]),
    ).toBe('a\nbb');
  });

  it('align the values of a summary', () => {
    expect(
      renderFields([
        ['rows in', '3'],
        ['bound', '$5.97'],
      ]),
    ).toBe('  rows in  3\n  bound    $5.97');
  });

  it.each([
    [0.04, '0.0 s'],
    [99.9, '99.9 s'],
    [125, '2 min 05 s'],
    [119.7, '2 min 00 s'],
  ])('show %d seconds as %s', (seconds, shown) => {
    expect(formatSeconds(seconds)).toBe(shown);
  });

  it('group thousands', () => {
    expect(formatCount(2_992_108)).toBe('2,992,108');
  });
});
