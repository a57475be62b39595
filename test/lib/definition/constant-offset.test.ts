import { describe, expect, it } from 'vitest';
import { constantOffset } from '../../../lib/definition/constant-offset.ts';
import { days, hours, label, minutes, seconds } from '../../../lib/definition/index.ts';
import { trips } from '../../support/trips-pipeline.ts';

type Time = Parameters<typeof label<typeof trips.columns>>[1]['at'];

/** Of a label time over the trips, after their departure. */
function offsetOf(at: Time): number | null {
  const formula = label(trips, { at, is: 'cancelled' }).at;
  return formula.kind === 'formula' ? constantOffset(formula.expression, 'departure') : null;
}

describe('constantOffset', () => {
  it.each<[string, Time, number | null]>([
    ['the column itself', 'departure', 0],
    ['a later time', ({ departure }) => departure.plus(days(30)), days(30)],
    ['an earlier time', ({ departure }) => departure.minus(hours(2)), -hours(2)],
    ['several steps', ({ departure }) => departure.plus(days(1)).minus(hours(2)).plus(minutes(3)), 79_380_000_000],
    ['the later of two', ({ departure }) => departure.minus(hours(1)).notBefore(departure.plus(hours(3))), hours(3)],
    ['another column', 'arrival', null],
    ['a length of the row', ({ departure, delay }) => departure.plus(minutes(delay)), null],
    ['the later of two that may differ', ({ departure, arrival }) => departure.notBefore(arrival), null],
    ['a fallback', ({ departure, arrival }) => arrival.orElse(departure), null],
    ['a sum of a length of the row', ({ departure, delay }) => departure.plus(seconds(delay).plus(hours(1))), null],
  ])('%s', (_case, at, offset) => {
    expect(offsetOf(at)).toBe(offset);
  });
});
