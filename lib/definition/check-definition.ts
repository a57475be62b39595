import type { Checked } from '../errors/diagnostic.ts';
import type { Definition } from './pipeline.ts';

/** What is outside of a definition and bounds it. */
export interface DefinitionLimits {
  /** Regions whose prices are known. */
  readonly regions: readonly string[];
}

export const PRICED_REGIONS = ['us-east-1'] as const;

/** Everything that is wrong with a definition, at once. */
export function checkDefinition(
  definition: Definition,
  _limits: DefinitionLimits = { regions: PRICED_REGIONS },
): Checked<Definition> {
  return { value: definition, diagnostics: [] };
}
