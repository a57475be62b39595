const EVERYTHING = 'States.ALL';
const TIMEOUT = 'States.Timeout';
const ALL_BUT_TIMEOUT = 'States.TaskFailed';

/**
 * Those of the retriers, or of the catchers, that can apply: the first with a matching name does, so one whose every
 * name is matched by earlier ones never applies. Which error names there are is not known, so each is possible. Of each
 * handler, the names that earlier ones leave to it.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html (2026-11-20).
 */
export function applicable<T extends { readonly errors: readonly string[] }>(handlers: readonly T[]): readonly T[] {
  if (handlers.length <= 1) return handlers;
  const matched = new Set<string>();
  return handlers.flatMap((handler) => {
    const errors = handler.errors.filter((name) => !isMatched(name, matched));
    for (const name of errors) matched.add(name);
    return errors.length === 0 ? [] : [{ ...handler, errors }];
  });
}

function isMatched(name: string, matched: ReadonlySet<string>): boolean {
  if (matched.has(EVERYTHING) || matched.has(name)) return true;
  if (name === EVERYTHING) return matched.has(ALL_BUT_TIMEOUT) && matched.has(TIMEOUT);
  return name !== TIMEOUT && matched.has(ALL_BUT_TIMEOUT);
}
