import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProvenLoop } from '../../../../lib/cost/workflow/proofs.ts';
import { boundOf, costs, problemsOf, tenthsOf } from '../../../support/cost-flow.ts';
import { assumeLoops, costlyGraphOf, definitionOf, graphState } from '../../../support/random-walk-graph.ts';
import { unroll } from '../../../support/walk-unroller.ts';

/** A tenth of a dollar in picodollars. */
const TENTH = 100_000_000_000n;

const POLL = {
  Prepare: { Type: 'Task', Resource: costs(5), Next: 'Work' },
  Work: { Type: 'Task', Resource: costs(3), Next: 'Again?' },
  'Again?': { Type: 'Choice', Choices: [{ Condition: '{% $laps < 4 %}', Next: 'Work' }], Default: 'Report' },
  Report: { Type: 'Task', Resource: costs(2), End: true },
};

const atMost = (laps: number, targets: readonly string[] = ['Work'], guard = 'Again?') => ({
  loopOf: (): ProvenLoop => ({ guard, targets, laps, at: `app/M.States.${guard}.Choices[0]` }),
});

describe('a loop', () => {
  it('costs its way to the guard, its laps, and the way out', () => {
    const lap = 31 + 1;

    expect(tenthsOf(POLL, { proofs: atMost(4) })).toBe(51 + lap + 4 * lap + 21);
  });

  it('costs one pass where no lap is allowed', () => {
    expect(tenthsOf(POLL, { proofs: atMost(0) })).toBe(51 + 32 + 21);
  });

  it('shows the laps with the rule that limits them', () => {
    const { node } = boundOf({ StartAt: 'Prepare', States: POLL }, { proofs: atMost(4) });
    const walk = node.kind === 'sum' ? node.children[0] : undefined;
    const parts = walk?.kind === 'sum' ? walk.children.map(({ label, at }) => `${label} ${at}`) : [];

    expect(parts).toEqual([
      'Prepare app/M.States.Prepare',
      'Work app/M.States.Work',
      'Again? app/M.States.Again?',
      'laps app/M.States.Again?.Choices[0]',
      'Report app/M.States.Report',
    ]);
  });

  it('may be left in the middle of its last lap', () => {
    const states = {
      Work: {
        Type: 'Task',
        Resource: costs(1),
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Repair' }],
        Next: 'Again?',
      },
      'Again?': { Type: 'Choice', Choices: [{ Condition: '{% $laps < 2 %}', Next: 'Work' }] },
      Repair: { Type: 'Task', Resource: costs(50), End: true },
    };

    expect(tenthsOf(states, { proofs: atMost(2) })).toBe(12 + 12 + 11 + 501);
  });

  it('without a proof is refused, with the step that closes it', () => {
    expect(problemsOf(POLL)).toEqual(['unbounded-loop app/M.States.Again?.Choices[0]']);
  });

  it('is refused where the proof guards steps that the loop does not have', () => {
    expect(problemsOf(POLL, { proofs: atMost(4, ['Report']) })).toEqual([
      'unbounded-loop app/M.States.Again?.Choices[0]',
    ]);
    expect(problemsOf(POLL, { proofs: atMost(4, ['Work'], 'Report') })).toHaveLength(1);
  });

  it('of one state is a loop', () => {
    const states = { Ask: { Type: 'Choice', Choices: [{ Condition: '{% $x %}', Next: 'Ask' }] } };

    expect(problemsOf(states)).toEqual(['unbounded-loop app/M.States.Ask.Choices[0]']);
    expect(tenthsOf(states, { proofs: atMost(5, ['Ask'], 'Ask') })).toBe(6);
  });

  it('leaves the rest of the problems to be reported', () => {
    const states = {
      ...POLL,
      Report: { Type: 'Map', ItemProcessor: { StartAt: 'X', States: { X: { Type: 'Pass', End: true } } }, End: true },
    };

    expect(problemsOf(states)).toEqual([
      'unbounded-map app/M.States.Report.Items',
      'unbounded-loop app/M.States.Again?.Choices[0]',
    ]);
  });

  it('costs what unrolling it shows, in whatever graph, nested or not', () => {
    let nested = 0;
    fc.assert(
      fc.property(fc.array(graphState, { minLength: 1, maxLength: 7 }), fc.nat(11), (states, chance) => {
        const loops = assumeLoops(states, chance);
        const { node, diagnostics } = boundOf(definitionOf(states), { proofs: { loopOf: loops.loopOf } });

        expect(diagnostics.length > 0).toBe(loops.isOpen);
        if (loops.isOpen) return;
        nested += loops.counters.length > 1 ? 1 : 0;
        const { anyhow } = unroll(costlyGraphOf(states), loops.counters);
        expect(Number(node.usd / TENTH) - 2).toBe(anyhow);
      }),
      { numRuns: 5_000 },
    );
    expect(nested).toBeGreaterThan(50);
  });

  it('costs what unrolling it shows where only a walk that succeeds may go on', () => {
    fc.assert(
      fc.property(fc.array(graphState, { minLength: 1, maxLength: 6 }), fc.nat(11), (states, chance) => {
        const loops = assumeLoops(states, chance);
        fc.pre(!loops.isOpen);
        const outer = {
          Inner: { Type: 'Parallel', Branches: [definitionOf(states)], Next: 'After' },
          After: { Type: 'Task', Resource: costs(1_000_000), End: true },
        };

        const { anyhow, successful } = unroll(costlyGraphOf(states), loops.counters);
        const ended = tenthsOf(outer, { proofs: { loopOf: loops.loopOf } });

        expect(ended).toBe(1 + Math.max(anyhow, successful + 10_000_001));
      }),
      { numRuns: 2_000 },
    );
  });
});
