/** One problem found while reading input, as a value: every problem is reported, not only the first. */
export interface Diagnostic {
  /** Stable kebab-case name of the problem, for example `unknown-column`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** Where it is: a path into the definition, template or file, for example `features.origin_delays.entity[0]`. */
  readonly at: string;
  /** What is wrong, with the value that was given: lowercase, no full stop. */
  readonly message: string;
  /** What the user can do about it, with the values that are allowed. */
  readonly fix: string;
}

/** A value that could be read, beside everything that is wrong with its input. */
export interface Checked<T> {
  /** Absent when an error made the value meaningless. */
  readonly value?: T;
  readonly diagnostics: readonly Diagnostic[];
}

/** Renders a diagnostic as two lines: where and what, then the fix. */
export function renderDiagnostic(diagnostic: Diagnostic): string {
  return `${diagnostic.at}: ${diagnostic.message}\n  fix: ${diagnostic.fix}`;
}
