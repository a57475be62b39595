import { describe, expect, it } from 'vitest';
import { days, hours, label, minutes } from '../../../lib/definition/index.ts';
import { must } from '../../../lib/errors/fault.ts';
import { byEngine } from '../../../lib/sql/by-engine.ts';
import { finite, numberLiteral, numericScalar, scalar } from '../../../lib/sql/scalar.ts';
import { trips } from '../../support/trips-pipeline.ts';

type Rows = typeof trips;
type At = Parameters<typeof label<Rows['columns']>>[1]['at'];
type Is = Parameters<typeof label<Rows['columns']>>[1]['is'];

function expressionOf({ at = 'departure', is = 'cancelled' }: { readonly at?: At; readonly is?: Is }) {
  const made = label(trips, { at, is });
  const formula = at === 'departure' ? made.is : made.at;
  return must(formula.kind === 'formula' ? formula.expression : undefined, 'an expression');
}

const rendered = (written: { readonly at?: At; readonly is?: Is }) => {
  const expression = expressionOf(written);
  return byEngine((dialect) => scalar(expression, dialect));
};

describe('scalar', () => {
  it('computes with times as whole microseconds, in which no engine knows a zone', () => {
    expect(rendered({ at: ({ departure }) => departure.minus(hours(2)) })).toEqual({
      duckdb: '(epoch_us("departure") - CAST(7200000000 AS BIGINT))',
      spark: '(unix_micros(CAST(`departure` AS TIMESTAMP)) - CAST(7200000000 AS BIGINT))',
    });
  });

  it('makes both sides doubles if one is, in the written order', () => {
    expect(rendered({ is: ({ delay, price }) => delay.plus(price.times(3)).plus(30).atLeast(0.5) }).duckdb).toBe(
      '(((CAST("delay" AS DOUBLE) + ("price" * 3e0)) + 30e0) >= 0.5e0)',
    );
  });

  it('keeps integers whole', () => {
    expect(rendered({ is: ({ delay }) => delay.times(2).minus(1).equals(15) }).spark).toBe(
      '(((`delay` * CAST(2 AS BIGINT)) - CAST(1 AS BIGINT)) = CAST(15 AS BIGINT))',
    );
  });

  it('gives null where the divisor is zero', () => {
    expect(rendered({ is: ({ delay }) => delay.dividedBy(delay).lessThan(1) }).duckdb).toBe(
      '((CAST("delay" AS DOUBLE) / NULLIF(CAST("delay" AS DOUBLE), 0e0)) < 1e0)',
    );
  });

  it('rounds a computed length to the microsecond, and gives null beyond 285 years', () => {
    expect(rendered({ at: ({ departure, price }) => departure.plus(days(price)) }).duckdb).toBe(
      '(epoch_us("departure") + CASE WHEN ABS("price") <= 104166e0' +
        ' THEN CAST(FLOOR("price" * 86400000000e0 + 0.5e0) AS BIGINT) END)',
    );
    expect(rendered({ at: ({ departure, delay }) => departure.plus(minutes(delay)) }).duckdb).toBe(
      '(epoch_us("departure") + CASE WHEN "delay" BETWEEN -150000000 AND 150000000' +
        ' THEN "delay" * CAST(60000000 AS BIGINT) END)',
    );
  });

  it('takes the later of two times, null if either is', () => {
    expect(rendered({ at: ({ departure, arrival }) => arrival.notBefore(departure) }).duckdb).toBe(
      'CASE WHEN epoch_us("arrival") < epoch_us("departure") THEN epoch_us("departure")' +
        ' WHEN epoch_us("departure") IS NOT NULL THEN epoch_us("arrival") END',
    );
  });

  it('gives conditions as 1 and 0, null where they are null', () => {
    const expression = expressionOf({ is: 'cancelled' });

    expect(byEngine((dialect) => numericScalar(expression, dialect)).spark).toBe(
      'CAST(CASE WHEN `cancelled` THEN 1 WHEN NOT `cancelled` THEN 0 END AS BIGINT)',
    );
  });

  it('gives doubles that are not finite as null', () => {
    expect(finite('x')).toBe('CASE WHEN ABS(x) <= 1.7976931348623157e+308 THEN x END');
  });

  it.each([
    [0.12, 'double', '0.12e0'],
    [1e-7, 'double', '1e-7'],
    [1e21, 'double', '1e+21'],
    [-2.5, 'double', '-2.5e0'],
    [-120, 'integer', 'CAST(-120 AS BIGINT)'],
  ] as const)('writes %d as %s', (value, type, text) => {
    expect(numberLiteral(value, type)).toBe(text);
  });
});
