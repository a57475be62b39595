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

/** `*` is any text, `?` any character; the case of letters does not count. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'is').test(text);
}
