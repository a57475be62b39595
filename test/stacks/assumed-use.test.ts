import { describe, expect, it } from 'vitest';
import flights from '../../examples/flights/pipeline.ts';
import { planPipeline } from '../../lib/constructs/planned-pipeline.ts';
import { priceOf } from '../../lib/cost/price-book.ts';
import { renderPrograms } from '../../lib/render/programs.ts';
import { assumedUse, assumedUseOfRefusal } from '../../lib/runs/assumed-use.ts';
import { assumedLines } from '../../lib/runs/receipt-lines.ts';
import { addUsd, scaleUsd, subtractUsd, type Usd, usd } from '../../lib/units/usd.ts';
import { shippedPriceBook } from '../support/cost-template.ts';
import { resourceOf, synthesized } from '../support/synthesized-example.ts';

const STACKS = synthesized();
const { plan } = planPipeline(flights);
const PROGRAM = renderPrograms(plan).run;
const BOOK = shippedPriceBook();

const variablesOf = (id: string): Readonly<Record<string, string>> =>
  resourceOf(STACKS, 'AWS::Lambda::Function', id).Properties['Environment'].Variables;

/** What the bound of the templates leaves for orchestration: transitions, functions, reads. */
function orchestrationBound(): Usd {
  const parts: Readonly<Record<string, string>> = JSON.parse(variablesOf('SettleRun')['STATE_BOUNDS'] ?? '{}');
  return subtractUsd(usd(variablesOf('AdmitRun')['RUN_BOUND_USD'] ?? '0'), addUsd(...Object.values(parts).map(usd)));
}

const amountOf = (use: Parameters<typeof assumedLines>[0]): Usd =>
  addUsd(...assumedLines(use, BOOK).map((line) => usd(line.usd)));

describe('what a receipt assumes of orchestration', () => {
  it('is what the bound of the synthesized templates counts for it, but for the reads that nobody lists', () => {
    const reads = scaleUsd(priceOf(BOOK, 's3.get_and_other'), 4 * 4);

    expect(amountOf(assumedUse(PROGRAM))).toBeLessThanOrEqual(orchestrationBound());
    expect(addUsd(amountOf(assumedUse(PROGRAM)), reads)).toBeGreaterThanOrEqual(orchestrationBound());
  });

  it('is less for a run that was refused', () => {
    expect(amountOf(assumedUseOfRefusal())).toBeLessThan(amountOf(assumedUse(PROGRAM)));
  });
});
