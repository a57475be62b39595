import type { Diagnostic } from '../../lib/errors/diagnostic.ts';
import { UserError } from '../../lib/errors/user-error.ts';
import type { NamedPolicy } from '../../lib/iam/evaluate.ts';
import { readStatements } from '../../lib/iam/statement-reader.ts';
import { isObject, listAt, objectAt, type ResolvedResource, textAt } from '../cloudformation/template.ts';

/** Services whose roles make calls in a local run; no call is made here as a budget's action or a schedule. */
const CALLING_HERE: ReadonlySet<string> = new Set([
  'states.amazonaws.com',
  'lambda.amazonaws.com',
  'glue.amazonaws.com',
  'sagemaker.amazonaws.com',
]);

/** A role and every policy document that it carries. */
export interface Role {
  readonly name: string;
  readonly arn: string;
  readonly policies: readonly NamedPolicy[];
  /** Services that may assume it: `lambda.amazonaws.com`. */
  readonly trusted: readonly string[];
}

/** The roles of the templates with their inline policies and the policy resources that name them. */
export function readRoles(
  resources: readonly ResolvedResource[],
  report: (diagnostic: Diagnostic) => void,
): readonly Role[] {
  const attached = resources.filter(({ type }) => type === 'AWS::IAM::Policy' || type === 'AWS::IAM::ManagedPolicy');
  return resources
    .filter(({ type }) => type === 'AWS::IAM::Role')
    .map((role) => {
      reportForeignPolicies(role, attached, report);
      const policies = [
        ...inlinePolicies(role),
        ...attached.filter((policy) => isAttached(policy, role)).flatMap(documentOf),
      ];
      const trusted = trustedServices(role);
      if (trusted.some((service) => CALLING_HERE.has(service)))
        for (const policy of policies) reportUnreadable(role, policy, report);
      return {
        name: role.name,
        arn: role.arn ?? '',
        policies,
        trusted,
      };
    });
}

function inlinePolicies(role: ResolvedResource): readonly NamedPolicy[] {
  return listAt(role.properties, 'Policies')
    .filter(isObject)
    .map((policy) => ({ name: textAt(policy, 'PolicyName') ?? '', document: objectAt(policy, 'PolicyDocument') }));
}

function isAttached(policy: ResolvedResource, role: ResolvedResource): boolean {
  return (
    listAt(policy.properties, 'Roles').includes(role.name) ||
    listAt(role.properties, 'ManagedPolicyArns').includes(policy.ref)
  );
}

const documentOf = ({ name, properties }: ResolvedResource): readonly NamedPolicy[] => [
  { name, document: objectAt(properties, 'PolicyDocument') },
];

/** Policies that AWS keeps are not in the templates, so what they allow is not known here. */
function reportForeignPolicies(
  role: ResolvedResource,
  attached: readonly ResolvedResource[],
  report: (diagnostic: Diagnostic) => void,
): void {
  const known = new Set<unknown>(attached.map(({ ref }) => ref));
  for (const arn of listAt(role.properties, 'ManagedPolicyArns').filter((item) => !known.has(item))) {
    report({
      code: 'unknown-policy',
      severity: 'error',
      at: `${role.stack}.${role.logicalId}.ManagedPolicyArns`,
      message: `policy ${String(arn)} is not in the app, so what it allows cannot be checked here`,
      fix: 'write the statements that the role needs as a policy of its own',
    });
  }
}

/** A statement or condition that cannot be evaluated here is told before a run, not when a call first meets it. */
function reportUnreadable(
  role: ResolvedResource,
  { name, document }: NamedPolicy,
  report: (diagnostic: Diagnostic) => void,
): void {
  try {
    readStatements(name, document);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, resolution: fix } = error;
    report({ code, severity: 'error', at: `${role.stack}.${role.logicalId}`, message, fix });
  }
}

function trustedServices(role: ResolvedResource): readonly string[] {
  const statements = listAt(objectAt(role.properties, 'AssumeRolePolicyDocument'), 'Statement').filter(isObject);
  return statements.flatMap((statement) => {
    const principal = objectAt(statement, 'Principal');
    const service = textAt(principal, 'Service');
    return service === undefined ? listAt(principal, 'Service').map(String) : [service];
  });
}
