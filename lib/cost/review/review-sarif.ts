import type { Diagnostic } from '../../errors/diagnostic.ts';
import { formatUsd, subtractUsd } from '../../units/usd.ts';
import { COST_DIAGNOSTICS } from '../cost-diagnostic.ts';
import { exceededBudgets } from '../exceeded-budgets.ts';
import type { CostReview } from './review.ts';

/** Where in a file something is: the file relative to the repository, with `/`, and the line, from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
}

/**
 * A review as a SARIF 2.1.0 log, for code scanning.
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html (2026-11-21).
 *
 * @param placeOf where the property at a path is. Code scanning refuses a log that has a result without any file:
 *   https://github.com/microsoft/sarif-sdk/issues/2770 (2026-11-21)
 */
export function reviewToSarif(
  review: CostReview,
  { toolVersion, placeOf }: { readonly toolVersion: string; readonly placeOf: (at: string) => SourcePlace },
): object {
  const findings = [...review.diagnostics, ...budgetFindings(review)];
  const codes = [...new Set([...Object.keys(COST_DIAGNOSTICS), OVER_BUDGET, ...findings.map(({ code }) => code)])];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'hundredfold', version: toolVersion, rules: codes.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => resultOf(finding, codes.indexOf(finding.code), placeOf(finding.at))),
      },
    ],
  };
}

const OVER_BUDGET = 'over-budget';

/** Being above a budget is a finding too, on the state machine that it is of. */
const budgetFindings = (review: CostReview): readonly Diagnostic[] =>
  exceededBudgets(review).map(({ what, at, usd, budget }) => {
    const excess = formatUsd(subtractUsd(usd, budget));
    return {
      code: OVER_BUDGET,
      severity: 'error',
      at: what === 'run' ? at : 'templates',
      message: `a ${what} may cost ${formatUsd(usd)}, ${excess} above its budget of ${formatUsd(budget)}`,
      fix: 'lower a limit, or raise the budget',
    };
  });

function ruleOf(code: string): object {
  const [, { kind, summary }] = Object.entries(COST_DIAGNOSTICS).find(([name]) => name === code) ?? [
    code,
    { kind: 'input', summary: code === OVER_BUDGET ? 'The bound is above its budget' : 'The input cannot be read' },
  ];
  return {
    id: code,
    shortDescription: { text: summary },
    defaultConfiguration: { level: kind === 'warning' ? 'warning' : 'error' },
  };
}

function resultOf({ code, severity, at, message, fix }: Diagnostic, ruleIndex: number, place: SourcePlace): object {
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: `${at}: ${message}\nFix: ${fix}` },
    locations: [
      {
        physicalLocation: physicalLocation(place),
        logicalLocations: [{ fullyQualifiedName: at, kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'codeAndPath/v1': `${code}:${at}` },
  };
}

function physicalLocation({ file, line }: SourcePlace): object {
  return {
    artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
    region: { startLine: line },
  };
}
