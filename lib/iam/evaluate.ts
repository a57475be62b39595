import { assertNever } from '../errors/fault.ts';
import type { AuthorizationRequest } from './api-call.ts';
import { type ReadCondition, type ReadStatement, readStatements } from './statement-reader.ts';
import { matchesWildcard } from './wildcard.ts';

/** A policy document as a template has it, with the name under which a decision quotes it. */
export interface NamedPolicy {
  readonly name: string;
  /** Parsed JSON: single statement or list, texts or lists of texts. */
  readonly document: unknown;
}

export type Decision =
  | { readonly effect: 'Allow'; readonly decidedBy: string }
  | {
      readonly effect: 'Deny';
      /** The statement that denies; null where nothing allows. */
      readonly decidedBy: string | null;
      /** As AWS words it: `is not authorized to perform: s3:GetObject on resource: ... because ...`. */
      readonly reason: string;
    };

/**
 * May the request be made under these identity policies? An explicit deny wins; what nothing allows is denied.
 *
 * Only identity policies are looked at. Trust policies, resource policies (bucket, key), permission boundaries and
 * organization policies are not evaluated: within one account a bucket or key policy could allow or deny more.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html (2026-11-20).
 * @throws UserError unsupported-policy: a statement has an element or condition that is not known here
 */
export function evaluate(policies: readonly NamedPolicy[], request: AuthorizationRequest): Decision {
  const statements = policies.flatMap(({ name, document }) => readStatements(name, document));
  const matching = statements.filter((statement) => applies(statement, request));
  const denying = matching.find(({ effect }) => effect === 'Deny');
  if (denying !== undefined) return denied(request, denying.name);
  const allowing = matching.find(({ effect }) => effect === 'Allow');
  return allowing === undefined ? denied(request, null) : { effect: 'Allow', decidedBy: allowing.name };
}

function denied({ action, resource }: AuthorizationRequest, decidedBy: string | null): Decision {
  const because =
    decidedBy === null
      ? `no identity-based policy allows the ${action} action`
      : `of an explicit deny in an identity-based policy: ${decidedBy}`;
  return {
    effect: 'Deny',
    decidedBy,
    reason: `is not authorized to perform: ${action} on resource: ${resource} because ${because}`,
  };
}

function applies({ actions, resources, conditions }: ReadStatement, request: AuthorizationRequest): boolean {
  return (
    actions.some((pattern) => matchesWildcard(pattern.toLowerCase(), request.action.toLowerCase())) &&
    resources.some((pattern) => matchesWildcard(pattern, request.resource)) &&
    conditions.every((condition) => holds(condition, request.context))
  );
}

/** A key that the request does not have fulfils no condition; one that it has has one value. Names of keys are compared without case, as IAM does. */
function holds({ operator, key, values }: ReadCondition, context: AuthorizationRequest['context']): boolean {
  const given = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
  if (given === undefined) return false;
  switch (operator) {
    case 'StringEquals':
      return values.includes(given);
    case 'StringLike':
      return values.some((pattern) => matchesWildcard(pattern, given));
    case 'ForAnyValue:StringNotEquals':
      return !values.includes(given);
    case 'NumericGreaterThan':
      return values.some((value) => Number(given) > Number(value));
    case 'Bool':
      return values.some((value) => value.toLowerCase() === given.toLowerCase());
    default:
      return assertNever(operator);
  }
}
