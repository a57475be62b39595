import { describe, expect, it } from 'vitest';
import { numberOf } from '../../../../lib/cost/templates/literal.ts';
import { isUnresolved, unresolved } from '../../../../lib/cost/unresolved.ts';

describe('numberOf', () => {
  it.each([
    [5, 5n],
    [0, 0n],
    [5.0, 5n],
    ['5', 5n],
    ['5.0', 5n],
    ['007', 7n],
    ['123456789012345678901234567890', 123456789012345678901234567890n],
  ])('reads %j as CloudFormation does', (value, expected) => {
    expect(numberOf(value)).toBe(expected);
  });

  it.each([
    -1,
    0.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '-1',
    '1e3',
    '',
    ' 5',
    'five',
    true,
    null,
    [5],
    {},
    undefined,
  ])('has no number for %j', (value) => {
    expect(numberOf(value)).toBeUndefined();
  });

  it('passes on what is not known', () => {
    const open = unresolved('deployment', 'decided by the parameter Workers');

    expect(numberOf(open)).toBe(open);
    expect(isUnresolved(numberOf('@{app/Table.Size}'))).toBe(true);
  });
});
