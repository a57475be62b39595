import type { CostContext } from '../cost-context.ts';
import { isObject, type JsonObject, objectIn } from '../json-object.ts';
import { markedAddress, type TemplateResource, type TemplateSet } from '../templates/template-set.ts';

/** One statement of an identity policy, with who has it. */
export interface PolicyStatement {
  readonly at: string;
  /** Addresses or names of roles, users and groups; empty where a managed policy is attached to nobody. */
  readonly principals: readonly string[];
  readonly effect: 'Allow' | 'Deny';
  readonly statement: JsonObject;
}

const PROPERTIES = [
  'PolicyDocument',
  'Policies',
  'ManagedPolicyArns',
  'PermissionsBoundary',
  'Roles',
  'Users',
  'Groups',
  'RoleName',
  'UserName',
  'GroupName',
];

const IDENTITIES = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];
const POLICIES = [
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
  'AWS::IAM::GroupPolicy',
];

/** Policies of AWS that allow every action of Step Functions. */
const ALLOW_ALL = ['AdministratorAccess', 'PowerUserAccess', 'AWSStepFunctionsFullAccess'];

/** Every statement of the templates' identity policies, once for each variant. */
export function policyStatementsOf({ templates }: CostContext): readonly PolicyStatement[] {
  return templates.resources.flatMap((resource) => {
    if (!IDENTITIES.includes(resource.type) && !POLICIES.includes(resource.type)) return [];
    return templates.variantsOf(resource, PROPERTIES).flatMap((variant) => statementsIn(resource, variant, templates));
  });
}

function statementsIn(
  resource: TemplateResource,
  variant: JsonObject,
  templates: TemplateSet,
): readonly PolicyStatement[] {
  const at = `${resource.address}.Properties`;
  if (POLICIES.includes(resource.type)) {
    const principals = holdersOf(variant, templates);
    return documentStatements(variant['PolicyDocument'], `${at}.PolicyDocument`, principals);
  }
  const principals = [resource.address];
  return [
    ...arrayOf(variant['Policies']).flatMap((policy, index) =>
      documentStatements(
        isObject(policy) ? policy['PolicyDocument'] : undefined,
        `${at}.Policies[${index}].PolicyDocument`,
        principals,
      ),
    ),
    ...managedStatements(variant, at, principals, templates),
  ];
}

/** Policies attached by their ARN: those of AWS by name, those of the templates with what they say. */
function managedStatements(
  variant: JsonObject,
  at: string,
  principals: readonly string[],
  templates: TemplateSet,
): readonly PolicyStatement[] {
  const attached = arrayOf(variant['ManagedPolicyArns']).flatMap((arn, index) => {
    const path = `${at}.ManagedPolicyArns[${index}]`;
    const name = typeof arn === 'string' ? (/policy\/(?:[\w-]+\/)?([\w-]+)$/.exec(arn)?.[1] ?? '') : '';
    const statement = { Action: 'states:*', Resource: '*' };
    if (ALLOW_ALL.includes(name)) return [{ at: path, principals, effect: 'Allow' as const, statement }];
    return managedDocument(arn, path, principals, templates);
  });
  const boundary = managedDocument(variant['PermissionsBoundary'], `${at}.PermissionsBoundary`, principals, templates);
  return [...attached, ...boundary.filter(({ effect }) => effect === 'Deny')];
}

function managedDocument(arn: unknown, at: string, principals: readonly string[], templates: TemplateSet) {
  const address = typeof arn === 'string' ? markedAddress(arn) : undefined;
  const policy = address === undefined ? undefined : templates.find(address);
  if (policy === undefined) return [];
  return templates
    .variantsOf(policy, ['PolicyDocument'])
    .flatMap(({ PolicyDocument }) => documentStatements(PolicyDocument, at, principals));
}

function holdersOf(variant: JsonObject, templates: TemplateSet): readonly string[] {
  const named = [
    ...['Roles', 'Users', 'Groups'].flatMap((field) => arrayOf(variant[field])),
    ...['RoleName', 'UserName', 'GroupName'].map((field) => variant[field]),
  ];
  const holders = named.filter((holder) => typeof holder === 'string');
  return holders.map((holder) => markedAddress(holder) ?? roleNamed(holder, templates) ?? holder);
}

function roleNamed(name: string, templates: TemplateSet): string | undefined {
  return templates.resources.find(
    ({ type, properties }) => type === 'AWS::IAM::Role' && properties['RoleName'] === name,
  )?.address;
}

function documentStatements(document: unknown, at: string, principals: readonly string[]): readonly PolicyStatement[] {
  const statements = isObject(document) ? document['Statement'] : undefined;
  const list = Array.isArray(statements) ? statements : statements === undefined ? [] : [statements];
  return list.filter(isObject).map((statement, index) => ({
    at: `${at}.Statement[${index}]`,
    principals,
    effect: statement['Effect'] === 'Deny' ? 'Deny' : 'Allow',
    statement,
  }));
}

const arrayOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Services and others that may take on a role. */
export function trustedBy(role: TemplateResource, { templates }: CostContext): readonly string[] {
  return templates.variantsOf(role, ['AssumeRolePolicyDocument']).flatMap(({ AssumeRolePolicyDocument }) =>
    documentStatements(AssumeRolePolicyDocument, role.address, []).flatMap(({ statement }) => {
      const services = objectIn(statement, 'Principal')['Service'];
      const list: readonly unknown[] = Array.isArray(services) ? services : [services];
      return list.map((service) => (typeof service === 'string' ? service.replace(/\.amazonaws\.com.*$/, '') : ''));
    }),
  );
}
