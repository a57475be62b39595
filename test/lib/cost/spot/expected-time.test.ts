import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedBilledSeconds, longestInterval } from '../../../../lib/cost/spot/expected-time.ts';

const HOUR = 3_600;
/** What the published simulation leaves unsaid: half an hour for each start, and a third of the price left. */
const START_SECONDS = 1_800;
const PRICE_LEFT = 0.33;

const billedHours = (onDemandHours: number, checkpointSeconds: number | null): number =>
  (PRICE_LEFT *
    expectedBilledSeconds(onDemandHours * HOUR, {
      interruptionsPerHour: 0.15,
      restartSeconds: START_SECONDS,
      checkpointSeconds,
    })) /
  HOUR;

/** Plays a job until it is done, with interruptions at exponentially distributed times. */
function play(work: number, start: number, interval: number, rate: number, uniform: () => number): number {
  let billed = 0;
  let done = 0;
  while (done < work) {
    const life = -Math.log(1 - uniform()) / rate;
    const needed = start + (work - done);
    if (life >= needed) return billed + needed;
    billed += life;
    done += Math.max(0, Math.floor((life - start) / interval)) * interval;
  }
  return billed;
}

/** A linear congruential generator: the same draws on every machine. */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return (state + 0.5) / 4_294_967_296;
  };
}

describe('the expected time of a job on spot', () => {
  it.each([
    [3.3, '3.3', '1.4', '1.2'],
    [10.5, '10.5', '8.4', '3.9'],
    [48.55, '48.5', '3198.0', '17.9'],
  ])('reproduces the published table: %d hours on demand', (hours, printed, withoutCheckpoints, everyHalfHour) => {
    expect(Math.abs(hours - Number(printed))).toBeLessThan(0.0501);
    expect(billedHours(hours, null).toFixed(1)).toBe(withoutCheckpoints);
    expect(billedHours(hours, 1_800).toFixed(1)).toBe(everyHalfHour);
  });

  it('is what a simulation comes to', () => {
    const uniform = draws(7);
    const model = { interruptionsPerHour: 2, restartSeconds: 300, checkpointSeconds: 900 };
    const runs = 40_000;
    let total = 0;
    for (let run = 0; run < runs; run++) total += play(2 * HOUR - 300, 300, 900, 2 / HOUR, uniform);

    expect(total / runs / expectedBilledSeconds(2 * HOUR, model)).toBeCloseTo(1, 2);
  });

  it('is the job itself where nothing interrupts it', () => {
    const calm = { interruptionsPerHour: 0, restartSeconds: 300, checkpointSeconds: 100 };
    expect(expectedBilledSeconds(5_000, calm)).toBeCloseTo(5_000, 6);
    expect(expectedBilledSeconds(200, calm)).toBeCloseTo(200, 6);
  });

  it('grows with the interval, the length, the rate and the start', () => {
    const model = fc.record({
      interruptionsPerHour: fc.double({ min: 0.01, max: 3, noNaN: true }),
      restartSeconds: fc.integer({ min: 0, max: 600 }),
      checkpointSeconds: fc.integer({ min: 1, max: 7_200 }),
    });
    fc.assert(
      fc.property(
        model,
        fc.integer({ min: 600, max: 20_000 }),
        fc.integer({ min: 1, max: 1_000 }),
        (base, length, more) => {
          const least = expectedBilledSeconds(length, base);
          const others = [
            expectedBilledSeconds(length, { ...base, checkpointSeconds: base.checkpointSeconds + more }),
            expectedBilledSeconds(length, { ...base, checkpointSeconds: null }),
            expectedBilledSeconds(length + more, base),
            expectedBilledSeconds(length, { ...base, interruptionsPerHour: base.interruptionsPerHour * 1.5 }),
          ];
          expect(least).toBeGreaterThanOrEqual(length - 1e-6);
          for (const other of others) expect(other).toBeGreaterThanOrEqual(least * (1 - 1e-12));
        },
      ),
    );
  });
});

describe('a job that is shorter than its start', () => {
  it('is expected to take for ever where interruptions never let it start', () => {
    const model = { interruptionsPerHour: 3_600, restartSeconds: 86_400, checkpointSeconds: 60 };

    expect(expectedBilledSeconds(3_600, model)).toBe(Number.POSITIVE_INFINITY);
    expect(expectedBilledSeconds(0, model)).toBe(0);
  });
});

describe('the longest interval', () => {
  it('is the last that fits, and there is none where none fits', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 3, noNaN: true }),
        fc.integer({ min: 900, max: 20_000 }),
        fc.double({ min: 1, max: 3, noNaN: true }),
        (interruptionsPerHour, length, slack) => {
          const model = { interruptionsPerHour, restartSeconds: 300, checkpointSeconds: null };
          const at = (checkpointSeconds: number) => expectedBilledSeconds(length, { ...model, checkpointSeconds });
          const interval = longestInterval(length, length * slack, model);

          if (interval === undefined) expect(at(1)).toBeGreaterThan(length * slack);
          else expect(at(interval)).toBeLessThanOrEqual(length * slack);
          if (interval !== undefined && interval < length) expect(at(interval + 1)).toBeGreaterThan(length * slack);
        },
      ),
    );
  });
});
