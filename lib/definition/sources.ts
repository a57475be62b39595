import type { Definition } from './pipeline.ts';
import type { AnySource } from './source.ts';

/**
 * The sources that a pipeline reads, each once: the label's first, then in the order in which features name them. A
 * source that no label and no feature names is not read, whatever else its file declares.
 */
export function sourcesOf(
  label: Definition['label'] | undefined,
  features: Definition['features'] | undefined,
): readonly AnySource[] {
  const parts: readonly ({ readonly source?: AnySource } | undefined)[] = [label, ...(features ?? [])];
  return [...new Set(parts.flatMap((part) => (part?.source === undefined ? [] : [part.source])))];
}
