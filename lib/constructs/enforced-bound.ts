import { assessCost } from '../cost/assess.ts';
import { defaultRequest } from '../cost/default-request.ts';
import { parsePriceBook } from '../cost/price-book.ts';
import type { StackTemplate } from '../cost/templates/template-set.ts';
import { stateShares } from '../cost/tree/state-shares.ts';
import { UserError } from '../errors/user-error.ts';
import { canonicalJson, type Json, sha256 } from '../plan/fingerprint.ts';
import { JOB_STATES } from '../runs/receipt-lines.ts';
import { usdToDecimal } from '../units/usd.ts';
import type { PlannedPipeline } from './planned-pipeline.ts';
import type { EnforcedBound } from './training-workflow.ts';

/**
 * The most that one run of the templates can cost, for its admission to reserve; undefined where it has no bound: then
 * no run is admitted, and the validation of the app that is deployed says why.
 * @throws UserError invalid-input: the price book cannot be read
 */
export function enforcedBound(
  templates: readonly StackTemplate[],
  { plan, texts }: PlannedPipeline,
): EnforcedBound | undefined {
  const book = parsePriceBook(texts.priceBook, `prices of ${plan.region}`, plan.region);
  if (book.value === undefined) throw UserError.fromDiagnostics('the price book', book.diagnostics);
  const { run } = assessCost(defaultRequest(templates, book.value));
  if (run.usd === null || run.tree === null) return undefined;
  // Templates are parsed JSON.
  const json = templates.map(({ stack, template }) => ({ stack, template: template as Json }));
  const shares = Object.entries(stateShares(run.tree, JOB_STATES));
  return {
    usd: usdToDecimal(run.usd),
    definitionDigest: sha256(canonicalJson(json)),
    states: Object.fromEntries(shares.map(([state, share]) => [state, usdToDecimal(share)])),
  };
}
