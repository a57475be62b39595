import type { CostNode as RunCostNode } from '../cost/cost-node.ts';
import { readPriceBook } from '../cost/price-book.ts';
import { boundRun } from '../cost/run-bound.ts';
import type { StackTemplate } from '../cost/template.ts';
import type { CostNode } from '../cost/tree/cost-node.ts';
import { stateShares } from '../cost/tree/state-shares.ts';
import { UserError } from '../errors/user-error.ts';
import { canonicalJson, type Json, sha256 } from '../plan/fingerprint.ts';
import { JOB_STATES } from '../runs/receipt-lines.ts';
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
  const { usd, tree } = bound.value;
  if (usd > plan.bounds.run) {
    throw new UserError({
      code: 'over-bound',
      message: `a run of ${plan.pipeline} may cost ${formatUsd(usd)}, bounds.run == ${formatUsd(plan.bounds.run)}`,
      resolution: 'see hundredfold cost for what makes it so dear; lower a limit, or raise bounds.run',
    });
  }
  // Templates are parsed JSON.
  const json = templates.map(({ stack, template }) => ({ stack, template: template as Json }));
  const shares = Object.entries(stateShares(explained(tree), JOB_STATES));
  return {
    usd: usdToDecimal(usd),
    definitionDigest: sha256(canonicalJson(json)),
    states: Object.fromEntries(shares.map(([state, share]) => [state, usdToDecimal(share)])),
  };
}

/** The tree of a run's bound as the analyser's tree, as far as shares are read from it. */
function explained({ label, at: place, combination, factor, usd, children }: RunCostNode): CostNode {
  const [child] = children;
  const at = place.replace('.ItemProcessor.', '.ItemProcessor.States.');
  if (combination === 'times' && child !== undefined) {
    return { kind: 'times', label, at, factor: BigInt(factor), child: explained(child), usd };
  }
  if (combination === 'sum') return { kind: 'sum', label, at, children: children.map(explained), usd };
  const item = label === 'transition' ? 'stepfunctions.standard.transition' : '';
  return { kind: 'leaf', label, at, item, price: usd, factors: [], divisor: 1n, usd };
}
