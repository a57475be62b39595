import type { Diagnostic } from '../../errors/diagnostic.ts';
import { formatUsd, subtractUsd } from '../../units/usd.ts';
import { COST_DIAGNOSTICS } from '../cost-diagnostic.ts';
import type { CostReview } from './review.ts';

/** Where in a file something is: the file relative to the repository, with `/`, and the line, from 1, where it is known. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number | undefined;
}

/**
 * A review as a SARIF 2.1.0 log, for code scanning.
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html (2026-11-21).
 *
 * @param placeOf where the property at a path is; undefined where it is in no file
 */
export function reviewToSarif(
  review: CostReview,
  { toolVersion, placeOf }: { readonly toolVersion: string; readonly placeOf: (at: string) => SourcePlace | undefined },
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

/** Being above a budget is a finding too, on the state machine that costs most. */
function budgetFindings({ run, month }: CostReview): readonly Diagnostic[] {
  return [
    { name: 'a run', ...run },
    { name: 'a month', ...month },
  ].flatMap(({ name, usd, budget, tree }) => {
    if (usd === null || budget === null || usd <= budget) return [];
    const excess = formatUsd(subtractUsd(usd, budget));
    return [
      {
        code: OVER_BUDGET,
        severity: 'error' as const,
        at: tree?.at ?? '',
        message: `${name} may cost ${formatUsd(usd)}, ${excess} above its budget of ${formatUsd(budget)}`,
        fix: 'lower a limit, or raise the budget',
      },
    ];
  });
}

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

function resultOf({ code, severity, at, message, fix }: Diagnostic, ruleIndex: number, place?: SourcePlace): object {
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: `${at}: ${message}\nFix: ${fix}` },
    locations: [
      {
        ...(place === undefined ? {} : { physicalLocation: physicalLocation(place) }),
        logicalLocations: [{ fullyQualifiedName: at, kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'codeAndPath/v1': `${code}:${at}` },
  };
}

function physicalLocation({ file, line }: SourcePlace): object {
  return {
    artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
    ...(line === undefined ? {} : { region: { startLine: line } }),
  };
}
