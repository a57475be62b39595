import { readPriceBook } from '../cost/price-book.ts';
import { boundRun } from '../cost/run-bound.ts';
import type { StackTemplate } from '../cost/template.ts';
import { UserError } from '../errors/user-error.ts';
import { canonicalJson, type Json, sha256 } from '../plan/fingerprint.ts';
import { formatUsd, usdToDecimal } from '../units/usd.ts';
import type { PlannedPipeline } from './planned-pipeline.ts';
import type { EnforcedBound } from './training-workflow.ts';

/**
 * The most that one run of the templates can cost, for its admission to reserve.
 * @throws UserError invalid-input: something has no bound; over-bound: it may cost more than its definition allows
 */
export function enforcedBound(templates: readonly StackTemplate[], { plan, texts }: PlannedPipeline): EnforcedBound {
  const book = readPriceBook(JSON.parse(texts.priceBook), `prices of ${plan.region}`);
  if (book.value === undefined) throw UserError.fromDiagnostics('the price book', book.diagnostics);
  const bound = boundRun(templates, book.value);
  if (bound.value === undefined) throw UserError.fromDiagnostics('the bound of a run', bound.diagnostics);
  const { usd } = bound.value;
  if (usd > plan.bounds.run) {
    throw new UserError({
      code: 'over-bound',
      message: `a run of ${plan.pipeline} may cost ${formatUsd(usd)}, bounds.run == ${formatUsd(plan.bounds.run)}`,
      resolution: 'see hundredfold cost for what makes it so dear; lower a limit, or raise bounds.run',
    });
  }
  // Templates are parsed JSON.
  const json = templates.map(({ stack, template }) => ({ stack, template: template as Json }));
  return { usd: usdToDecimal(usd), definitionDigest: sha256(canonicalJson(json)) };
}
