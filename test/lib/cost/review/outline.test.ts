import { describe, expect, it } from 'vitest';
import { formatFactors, outlineOf, WHOLE_OUTLINE } from '../../../../lib/cost/review/outline.ts';
import { leaf, sum, times } from '../../../../lib/cost/tree/cost-node.ts';
import { addUsd, formatUsd, usd } from '../../../../lib/units/usd.ts';
import { runTree } from '../../../support/assessments.ts';

const brief = { leastPermille: 20, deepest: 2 };

describe('an outline of a bound', () => {
  it('has the dearest part first, a state and its job in one line, the small parts summed up', () => {
    const lines = outlineOf(runTree(), brief).map(
      ({ depth, label, usd, permille, factors }) =>
        `${depth} ${formatUsd(usd)} ${permille} ${label}: ${formatFactors(factors)}`,
    );

    expect(lines).toEqual([
      '0 $3.45 1000 one execution: ',
      '1 $1.91 552 Train trials, ml.m5.xlarge for at most 3,720 s: 4 items × 2 tries',
      '1 $1.55 447 Ingest and check, 5 × G.1X for at most 30 min: 2 tries',
      '1 $0.0001 0 1 more: ',
    ]);
  });

  it('begins with the parts of what is all but alone in the whole, in the same place', () => {
    const tiny = leaf({ label: 'rule', at: 'app/Rule', item: 'x', price: usd('0.0014'), factors: [] });
    const tree = sum('one run', 'app-training/Machine', [runTree(), tiny]);

    const lines = outlineOf(tree, brief).map(({ depth, label }) => `${depth} ${label}`);

    expect(lines).toEqual([
      '0 one run',
      '1 Train trials, ml.m5.xlarge for at most 3,720 s',
      '1 Ingest and check, 5 × G.1X for at most 30 min',
      '1 1 more',
    ]);
  });

  it('is everything on request: the lines of a depth below a line add up to it', () => {
    const tree = sum('one month', 'app', [times('31 starts', 'app/Schedule', 31, runTree())]);
    const lines = outlineOf(tree, WHOLE_OUTLINE);

    expect(lines).toHaveLength(10);
    for (const [index, line] of lines.entries()) {
      const below = lines.slice(index + 1);
      const end = below.findIndex(({ depth }) => depth <= line.depth);
      const parts = below.slice(0, end < 0 ? undefined : end).filter(({ depth }) => depth === line.depth + 1);
      if (parts.length > 0) expect(addUsd(...parts.map(({ usd }) => usd))).toBe(line.usd);
    }
  });

  it('says what a line was multiplied by, and nothing of what counts once', () => {
    const factor = (name: string, quantity: bigint) => ({ name, at: '', quantity });

    expect(formatFactors([factor('4 items', 4n), factor('tries', 1n), factor('seconds', 1_800n)])).toBe(
      '4 items × 1,800 seconds',
    );
  });
});
