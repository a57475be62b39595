/** Operator → context key → values. */
export type PolicyCondition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** As IAM has it; `Resource` may be a token of the tool that renders the policy. */
export interface PolicyStatement<Resource = string> {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly (Resource | '*')[];
  readonly Condition?: PolicyCondition;
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html (2026-11-20). */
export interface PolicyDocument<Resource = string> {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement<Resource>[];
}
