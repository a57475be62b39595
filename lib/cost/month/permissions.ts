import { isUnresolved } from '../unresolved.ts';
import type { PolicyStatement } from './policy-statements.ts';

/** Whether a statement names an action of Step Functions, directly, by a wildcard, or by not excluding it. */
export function coversAction({ statement }: PolicyStatement, action: string): boolean {
  if (statement['NotAction'] !== undefined) return !matchesAny(statement['NotAction'], action);
  return matchesAny(statement['Action'], action);
}

/**
 * Statements that allow an action on a resource that `isMeant` accepts, and that no unconditional statement denies to
 * the same principal. Conditions of what is allowed are taken to hold.
 */
export function allowedStatements(
  statements: readonly PolicyStatement[],
  action: string,
  isMeant: (resource: unknown) => boolean,
): readonly PolicyStatement[] {
  const relevant = statements.filter((statement) => coversAction(statement, action));
  const denied = new Set(relevant.filter(isFullDeny).flatMap(({ principals }) => principals));
  const allowed = relevant
    .filter(({ effect }) => effect === 'Allow')
    .filter(({ statement }) => {
      return statement['NotResource'] !== undefined || listOf(statement['Resource']).some(isMeant);
    });
  return allowed.filter(({ principals }) => principals.some((one) => !denied.has(one)));
}

/** Denied on every execution, without a condition. */
function isFullDeny({ effect, statement }: PolicyStatement): boolean {
  if (effect !== 'Deny' || statement['Condition'] !== undefined) return false;
  return listOf(statement['Resource']).some(
    (resource) =>
      typeof resource === 'string' && /^(\*|arn:.*:states:.*:(\*|execution:\*|stateMachine:\*))$/.test(resource),
  );
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

function matchesAny(actions: unknown, action: string): boolean {
  return listOf(actions).some((pattern) => isUnresolved(pattern) || matchesWildcard(String(pattern), action));
}

/**
 * `*` is any text, `?` any character; the case of letters does not count. Each `*` takes as little as it can, and more
 * only where what follows does not match: never more steps than the product of both lengths.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), text.toLowerCase()];
  let [place, at] = [0, 0];
  let retry: { readonly place: number; readonly at: number } | undefined;
  while (at < given.length) {
    const character = wanted[place];
    if (character === '*') {
      place += 1;
      retry = { place, at };
    } else if (character !== undefined && (character === '?' || character === given[at])) {
      place += 1;
      at += 1;
    } else if (retry !== undefined) {
      retry = { ...retry, at: retry.at + 1 };
      ({ place, at } = retry);
    } else {
      return false;
    }
  }
  return /^\**$/.test(wanted.slice(place));
}
