import { type Diagnostic, renderDiagnostic } from './diagnostic.ts';

export interface UserErrorOptions {
  /** Stable kebab-case name, for example `unknown-option`. */
  readonly code: string;
  /** What was wrong, with the value given and the values allowed: lowercase, no full stop. */
  readonly message: string;
  /** What to change so that it works. */
  readonly resolution: string;
  readonly cause?: unknown;
}

/** The caller can fix this: carries what was wrong and how to put it right. Exit code 1. */
export class UserError extends Error {
  readonly code: string;
  readonly resolution: string;

  constructor(options: UserErrorOptions) {
    super(options.message, 'cause' in options ? { cause: options.cause } : {});
    this.name = 'UserError';
    this.code = options.code;
    this.resolution = options.resolution;
  }

  /** All errors of one reading at once. */
  static fromDiagnostics(subject: string, diagnostics: readonly Diagnostic[]): UserError {
    const count = diagnostics.length === 1 ? '1 problem' : `${diagnostics.length} problems`;
    return new UserError({
      code: 'invalid-input',
      message: `${subject} has ${count}\n${diagnostics.map(renderDiagnostic).join('\n')}`,
      resolution: 'correct each place named above',
    });
  }
}
