import type { Diagnostic } from '../errors/diagnostic.ts';

/**
 * Everything that an analysis can have to say, by its stable name. `input`: the templates, the price book or the
 * command cannot be read, exit code 1. `unbounded`: they can, and have no bound, exit code 3. `warning`: the bound stands.
 */
export const COST_DIAGNOSTICS = {
  'malformed-template': { kind: 'input', summary: 'A template is not what CloudFormation accepts' },
  'unknown-intrinsic': { kind: 'input', summary: 'A value uses an intrinsic function that is not known' },
  'unknown-reference': { kind: 'input', summary: 'A value refers to something that is not in the templates' },
  'cyclic-reference': { kind: 'input', summary: 'Resources refer to each other in a circle' },
  'malformed-definition': { kind: 'input', summary: 'A state machine is not valid Amazon States Language' },
  'no-state-machine': { kind: 'input', summary: 'The templates have no state machine' },
  'malformed-price-book': { kind: 'input', summary: 'A price book cannot be read' },
  'unreadable-file': { kind: 'input', summary: 'A file or folder that was named cannot be read' },
  'unclear-region': { kind: 'input', summary: 'It is not clear in which region the templates are deployed' },
  'missing-app': { kind: 'input', summary: 'There is nothing to review' },
  'synthesis-failed': { kind: 'input', summary: 'The app could not be synthesized' },
  'invalid-option': { kind: 'input', summary: 'An option of the command cannot be understood' },
  'missing-price-book': { kind: 'input', summary: 'There is no price book of the region' },
  'malformed-price-list': { kind: 'input', summary: "A file of AWS's price list cannot be read" },
  'unknown-usage-type': { kind: 'input', summary: 'The price list has a name that is not known' },
  'missing-price': { kind: 'input', summary: 'The price book has no price for what is used' },
  'unknown-quantity': {
    kind: 'input',
    summary: 'A quantity is given for nothing that the templates use, or is no number',
  },
  'unbounded-loop': { kind: 'unbounded', summary: 'A loop has no provable end' },
  'unbounded-map': { kind: 'unbounded', summary: 'A Map has no provable number of items' },
  'unbounded-nesting': { kind: 'unbounded', summary: 'A state machine starts itself' },
  'run-time-limit': { kind: 'unbounded', summary: 'A limit comes from data that only a run knows' },
  'deploy-time-limit': { kind: 'unbounded', summary: 'A limit is decided at deployment' },
  'missing-limit': { kind: 'unbounded', summary: 'A limit is not set' },
  'overridden-limit': { kind: 'unbounded', summary: 'A task overrides a limit of its job' },
  'unpinned-version': { kind: 'unbounded', summary: 'A version that sets the price is not pinned' },
  'composed-retries': { kind: 'unbounded', summary: 'Two layers of retries compose in an undocumented way' },
  'warm-pool': { kind: 'unbounded', summary: 'Instances are kept, and billed, after the job' },
  'spot-without-checkpoints': { kind: 'unbounded', summary: 'Spot without checkpoints short enough for the job' },
  'redrive-allowed': { kind: 'unbounded', summary: 'Executions may be redriven: each redrive spends again' },
  'unmetered-call': { kind: 'unbounded', summary: 'A task makes a call that has no meter' },
  'unmetered-resource': { kind: 'unbounded', summary: 'A resource of this type has no meter' },
  'unmetered-option': { kind: 'unbounded', summary: 'A property makes a resource cost what no meter covers' },
  'unbounded-starts': { kind: 'unbounded', summary: 'Nothing limits how often runs start in a month' },
  'old-price-book': { kind: 'warning', summary: 'The price book is older than its stated age' },
  'uncertain-price': { kind: 'warning', summary: 'A price that was used has low confidence' },
  'unstated-checkpoints': { kind: 'warning', summary: 'Spot with checkpoints of unknown length' },
} as const satisfies Readonly<
  Record<string, { readonly kind: 'input' | 'unbounded' | 'warning'; readonly summary: string }>
>;

export type CostDiagnosticCode = keyof typeof COST_DIAGNOSTICS;

/** A diagnostic of the analysis; how severe it is follows from its code. */
export function costDiagnostic(
  code: CostDiagnosticCode,
  { at, message, fix }: Pick<Diagnostic, 'at' | 'message' | 'fix'>,
): Diagnostic {
  return { code, severity: COST_DIAGNOSTICS[code].kind === 'warning' ? 'warning' : 'error', at, message, fix };
}
