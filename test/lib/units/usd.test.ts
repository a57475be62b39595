import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addUsd, formatUsd, maxUsd, scaleUsd, usd, usdToDecimal } from '../../../lib/units/usd.ts';

const cents = fc.bigInt({ min: 0n, max: 10n ** 15n });
const decimal = (value: bigint): string => `${value / 100n}.${(value % 100n).toString().padStart(2, '0')}`;

describe('usd', () => {
  it('adds decimals exactly where floats would not', () => {
    expect(usdToDecimal(addUsd(usd('0.1'), usd('0.2')))).toBe('0.3');
  });

  it('reads small prices given as numbers', () => {
    expect(usdToDecimal(usd(0.0000004))).toBe('0.0000004');
    expect(usdToDecimal(usd(6))).toBe('6');
  });

  it.each(['', 'six', '1e3', '0.0000000000001', '1.', '--1'])('refuses %j', (text) => {
    expect(() => usd(text)).toThrow(RangeError);
  });

  it('is the identity from decimal to decimal', () => {
    fc.assert(fc.property(cents, (value) => usd(decimal(value)) === usd(usdToDecimal(usd(decimal(value))))));
  });

  it('scales upward, by less than a picodollar', () => {
    fc.assert(
      fc.property(
        cents,
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 1, max: 1e6 }),
        (value, numerator, denominator) => {
          const price = usd(decimal(value));
          const excess = scaleUsd(price, numerator, denominator) * BigInt(denominator) - price * BigInt(numerator);
          expect(excess).toBeGreaterThanOrEqual(0n);
          expect(excess).toBeLessThan(BigInt(denominator));
        },
      ),
    );
  });

  it('finds the greatest, and zero of none', () => {
    expect(maxUsd(usd(1), usd(3), usd(2))).toBe(usd(3));
    expect(maxUsd()).toBe(usd(0));
  });

  it.each([
    ['5.961', '$5.97'],
    ['6', '$6.00'],
    ['0.01231', '$0.0124'],
    ['0.1', '$0.10'],
    ['0', '$0.00'],
    ['99.999', '$100.00'],
  ])('shows %s as %s: never less than it is', (amount, shown) => {
    expect(formatUsd(usd(amount))).toBe(shown);
  });
});
