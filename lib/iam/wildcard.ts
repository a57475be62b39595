/**
 * Whether the text fits the pattern, in which `*` stands for any characters, `/` and `:` included, and `?` for one.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html (2026-11-20).
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]');
  return new RegExp(`^${expression}$`).test(text);
}

/** Whether everything that fits `inner` also fits `outer`: sure where it says so, never where `?` makes it a guess. */
export const coversPattern = (outer: string, inner: string): boolean =>
  outer === inner || (!outer.includes('?') && matchesWildcard(outer, inner));
