import { describe, expect, it } from 'vitest';
import { days, hours, minutes, seconds, window } from '../../../lib/definition/index.ts';
import { reachOf, windowProgram } from '../../../lib/definition/window.ts';

describe('windowProgram', () => {
  it.each([
    [hours(3), '3h'],
    [hours(24), '24h'],
    [days(2), '2d'],
    [days(7), '7d'],
    [hours(49), '49h'],
    [minutes(90), '90m'],
    [seconds(61), '61s'],
    [window(hours(3)), '3h'],
    [window(hours(3), { start: 'open', end: 'closed' }), '3h'],
    [window(hours(3), { hop: minutes(15) }), '3h_hop_15m'],
    [window(hours(3), { start: 'closed' }), '3h_start_closed'],
    [window(hours(3), { end: 'open' }), '3h_end_open'],
    [window(days(7), { start: 'closed', end: 'open' }), '7d_start_closed_end_open'],
    [window(days(7), { hop: days(1), end: 'open' }), '7d_hop_24h_end_open'],
  ])('names %j %s: windows that mean the same have one name', (written, suffix) => {
    expect(windowProgram(written).suffix).toBe(suffix);
  });

  it('opens the start and closes the end; a start that moves in hops is closed', () => {
    expect(windowProgram(hours(3))).toMatchObject({ microseconds: hours(3), hop: null, start: 'open', end: 'closed' });
    expect(windowProgram(window(hours(3), { hop: hours(1) }))).toMatchObject({ hop: hours(1), start: 'closed' });
  });
});

describe('reachOf', () => {
  /** Event times as numbers, `length` 6, `hop` 3: whether an event is inside at a label time, as the contract says it. */
  const isInside = (event: number, at: number, { hop, start }: { hop: number | null; start: 'open' | 'closed' }) => {
    const earliest = hop === null ? at - 6 : Math.floor((at - 6) / hop) * hop;
    return start === 'closed' ? event >= earliest : event > earliest;
  };

  it.each([
    { hop: null, start: 'open' },
    { hop: null, start: 'closed' },
    { hop: 3, start: 'closed' },
  ] as const)('is passed by no event and reached by one: %j', (window) => {
    const reach = reachOf({ microseconds: 6, end: 'closed', ...window });
    const ages = [...Array(9).keys()].flatMap((at) =>
      [...Array(20).keys()].filter((age) => isInside(at - age, at, window)),
    );

    expect(Math.max(...ages)).toBe(reach - 1);
  });
});
