import type { Diagnostic } from '../../errors/diagnostic.ts';
import { type Usd, usdToDecimal } from '../../units/usd.ts';
import type { CostAssessment } from '../assessment.ts';
import { type CostNode, costNodeToJson } from '../tree/cost-node.ts';
import type { AmountChange, CostChange, CostReview } from './review.ts';

/** A review as one JSON document, `docs/JSON.md`: amounts are exact decimal strings in USD, null where there is none. */
export function reviewToJson(review: CostReview): object {
  const { verdict, region, compiledOn, run, month, expected, declared, assumptions, change } = review;
  return {
    version: 1,
    verdict,
    region,
    prices: { compiledOn },
    run: amountToJson(run),
    month: { ...amountToJson(month), tree: treeToJson(month.tree) },
    machines: review.machines.map(({ machine, usd, budget, startsPerMonth }) => ({
      machine,
      usd: usdToDecimal(usd),
      budgetUsd: decimalOf(budget),
      startsPerMonth,
    })),
    diagnostics: review.diagnostics.map(diagnosticToJson),
    declared: declared.map((meter) => ({ ...meter, usd: decimalOf(meter.usd) })),
    assumptions,
    expected: expected.map(({ at, checkpointSeconds, expectedSeconds, expectedUsd, boundUsd }) => ({
      path: at,
      checkpointSeconds,
      expectedSeconds,
      expectedUsd: usdToDecimal(expectedUsd),
      boundUsd: usdToDecimal(boundUsd),
    })),
    tree: treeToJson(run.tree),
    change: change === null ? null : changeToJson(change),
  };
}

const decimalOf = (amount: Usd | null): string | null => (amount === null ? null : usdToDecimal(amount));

const amountToJson = ({ usd, budget }: CostAssessment['run']): object => ({
  usd: decimalOf(usd),
  budgetUsd: decimalOf(budget),
});

const treeToJson = (tree: CostNode | null): unknown => (tree === null ? null : costNodeToJson(tree));

const diagnosticToJson = ({ code, severity, at, message, fix }: Diagnostic): object => ({
  code,
  severity,
  path: at,
  message,
  fix,
});

function changeToJson({ run, month, moved, notCompared, baseDiagnostics }: CostChange): object {
  return {
    run: amountChangeToJson(run),
    month: amountChangeToJson(month),
    moved: moved.map(({ bound, kind, path, name, from, to, usd }) => ({
      bound,
      kind,
      path,
      name,
      from,
      to,
      usd: usdToDecimal(usd),
    })),
    notCompared,
    baseDiagnostics: baseDiagnostics.map(diagnosticToJson),
  };
}

const amountChangeToJson = ({ from, to, delta }: AmountChange): object => ({
  fromUsd: decimalOf(from),
  toUsd: decimalOf(to),
  deltaUsd: decimalOf(delta),
});
