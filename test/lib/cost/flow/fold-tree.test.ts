import { describe, expect, it } from 'vitest';
import { type CostNode, costNodeToJson } from '../../../../lib/cost/tree/cost-node.ts';
import type { ProvenLoop } from '../../../../lib/cost/workflow/proofs.ts';
import { must } from '../../../../lib/errors/fault.ts';
import { boundOf, boundsOf, costs } from '../../../support/cost-flow.ts';

const START = { Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.sync:2' };

/** Nodes of the tree as it is printed. */
const sizeOf = (node: CostNode): number => (JSON.stringify(costNodeToJson(node)).match(/"kind"/g) ?? []).length;

/** Each machine starts the one below it twice. */
function doubling(levels: number): Readonly<Record<string, object>> {
  const machines: Record<string, object> = {
    'app/L0': { StartAt: 'Work', States: { Work: { Type: 'Task', Resource: costs(1), End: true } } },
  };
  for (let level = 1; level <= levels; level += 1) {
    const start = { ...START, Parameters: { StateMachineArn: `@{app/L${level - 1}}` } };
    const states = { One: { ...start, Next: 'Two' }, Two: { ...start, End: true } };
    machines[`app/L${level}`] = { StartAt: 'One', States: states };
  }
  return machines;
}

describe('an explanation that is too large to show', () => {
  it('has each of its leaves as often as they are in it, and the same amount', () => {
    const { node } = must(boundsOf(doubling(40))('app/L40'), 'a bound');
    const leaves = 2n ** 40n;
    // Every level below pays for its start and its end, and for the two tasks that start it.
    const above = leaves - 1n;

    expect(node.usd).toBe((leaves * 13n + above * 4n) * 100_000_000_000n);
    expect(sizeOf(node)).toBeLessThan(100_000);
  });

  it('is left as it is below that', () => {
    const { node } = must(boundsOf(doubling(3))('app/L3'), 'a bound');

    expect(JSON.stringify(costNodeToJson(node))).not.toContain('times in all');
  });

  it('may come from loops in loops', () => {
    const depth = 50;
    const states: Record<string, object> = { Work: { Type: 'Task', Resource: costs(0), Next: `G${depth - 1}` } };
    for (let level = 0; level < depth; level += 1) {
      states[`A${level}`] = { Type: 'Pass', Next: level === depth - 1 ? 'Work' : `A${level + 1}` };
      const out = level === 0 ? {} : { Default: `G${level - 1}` };
      states[`G${level}`] = { Type: 'Choice', Choices: [{ Condition: '{% $x %}', Next: `A${level}` }], ...out };
    }
    const loopOf = (component: ReadonlySet<string>): ProvenLoop => {
      const level = Array.from({ length: depth }, (_, place) => place).find((place) => component.has(`G${place}`)) ?? 0;
      return { guard: `G${level}`, targets: [`A${level}`], laps: 1, at: `app/M.States.G${level}` };
    };
    const { node } = boundOf({ StartAt: 'A0', States: states }, { proofs: { loopOf } });
    // Each level is gone through twice as often as the one around it: its Pass and its Choice.
    const passes = 2n ** BigInt(depth + 1) - 2n;

    expect(node.usd).toBe((2n * passes + 2n ** BigInt(depth) + 2n) * 100_000_000_000n);
    expect(sizeOf(node)).toBeLessThan(300_000);
  });
});
