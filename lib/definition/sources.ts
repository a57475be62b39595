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
  const read = [label, ...(features ?? [])].flatMap((part) =>
    part !== undefined && part !== null && 'source' in part ? [part.source] : [],
  );
  return [...new Set(read)];
}
