import type { Diagnostic } from '../errors/diagnostic.ts';

/** Why a bound cannot be given: the property that leaves it open, and what to set. */
export interface Refusal {
  readonly at: string;
  readonly message: string;
  readonly fix: string;
}

/** A refusal as a diagnostic; `code` names the kind of thing that is unbounded. */
export const refusalDiagnostic = (refusal: Refusal, code: string): Diagnostic => ({
  code,
  severity: 'error',
  ...refusal,
});
