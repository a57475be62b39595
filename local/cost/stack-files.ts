import type { StackTemplate } from '../../lib/cost/templates/template-set.ts';
import type { Diagnostic } from '../../lib/errors/diagnostic.ts';

/** A template as a file: where it lies, and in which region it is deployed. */
export interface StackFile extends StackTemplate {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** Null where the assembly names none: a template alone, an app for any environment. */
  readonly region: string | null;
}

/** The templates that could be read, and what could not. */
export interface ReadStacks {
  readonly files: readonly StackFile[];
  readonly diagnostics: readonly Diagnostic[];
}

export const NO_STACKS: ReadStacks = { files: [], diagnostics: [] };

export function joinStacks(parts: readonly ReadStacks[]): ReadStacks {
  return {
    files: parts.flatMap(({ files }) => files),
    diagnostics: parts.flatMap(({ diagnostics }) => diagnostics),
  };
}
