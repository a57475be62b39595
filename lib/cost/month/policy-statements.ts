import type { CostContext } from '../cost-context.ts';
import { isObject, type JsonObject, objectIn } from '../json-object.ts';
import { markedAddress, type TemplateResource, type TemplateSet } from '../templates/template-set.ts';

/** One statement of an identity policy, with who has it. */
export interface PolicyStatement {
  readonly at: string;
  /** Addresses or names of roles, users and groups; its own address where a managed policy is attached to nobody. */
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
  const attachments = attachmentsOf(templates);
  return templates.resources.flatMap((resource) => {
    if (!IDENTITIES.includes(resource.type) && !POLICIES.includes(resource.type)) return [];
    return templates.variantsOf(resource, PROPERTIES).flatMap((variant) => {
      return POLICIES.includes(resource.type)
        ? policyStatements({ resource, variant }, attachments, templates)
        : identityStatements({ resource, variant });
    });
  });
}

interface Variant {
  readonly resource: TemplateResource;
  readonly variant: JsonObject;
}

/** Who refers to a policy of the templates by its ARN. */
interface Attachments {
  readonly attached: ReadonlyMap<string, readonly string[]>;
  readonly boundaries: ReadonlyMap<string, readonly string[]>;
}

function attachmentsOf(templates: TemplateSet): Attachments {
  const identities = templates.resources.filter(({ type }) => IDENTITIES.includes(type));
  const references = (field: string) =>
    identities.flatMap((identity) =>
      templates.variantsOf(identity, [field]).flatMap((variant) =>
        (Array.isArray(variant[field]) ? variant[field] : [variant[field]]).flatMap((arn: unknown) => {
          const policy = typeof arn === 'string' ? markedAddress(arn) : undefined;
          return policy === undefined ? [] : [{ policy, identity: identity.address }];
        }),
      ),
    );
  return {
    attached: byPolicy(references('ManagedPolicyArns')),
    boundaries: byPolicy(references('PermissionsBoundary')),
  };
}

function byPolicy(references: readonly { readonly policy: string; readonly identity: string }[]) {
  const groups = Map.groupBy(references, ({ policy }) => policy);
  return new Map([...groups].map(([policy, group]) => [policy, group.map(({ identity }) => identity)]));
}

/** What a policy says of those who have it; of those whose boundary it is, only what it denies. */
function policyStatements(
  { resource, variant }: Variant,
  { attached, boundaries }: Attachments,
  templates: TemplateSet,
): readonly PolicyStatement[] {
  const { address } = resource;
  const bounded = boundaries.get(address) ?? [];
  const holders = [...holdersOf(variant, templates), ...(attached.get(address) ?? [])];
  const principals = holders.length > 0 || bounded.length > 0 ? holders : [address];
  const at = `${address}.Properties.PolicyDocument`;
  return documentStatements(variant['PolicyDocument'], at, principals)
    .map((statement) =>
      statement.effect === 'Deny' ? { ...statement, principals: [...principals, ...bounded] } : statement,
    )
    .filter(({ principals: those }) => those.length > 0);
}

/** Inline policies of a role, user or group, and those of AWS that are attached to it. */
function identityStatements({ resource, variant }: Variant): readonly PolicyStatement[] {
  const at = `${resource.address}.Properties`;
  const principals = [resource.address];
  const inline = arrayOf(variant['Policies']).flatMap((policy, index) =>
    documentStatements(
      isObject(policy) ? policy['PolicyDocument'] : undefined,
      `${at}.Policies[${index}].PolicyDocument`,
      principals,
    ),
  );
  const attached = arrayOf(variant['ManagedPolicyArns']).flatMap((arn, index) => {
    const name = typeof arn === 'string' ? (/policy\/(?:[\w-]+\/)?([\w-]+)$/.exec(arn)?.[1] ?? '') : '';
    const statement = { Action: 'states:*', Resource: '*' };
    if (!ALLOW_ALL.includes(name)) return [];
    return [{ at: `${at}.ManagedPolicyArns[${index}]`, principals, effect: 'Allow' as const, statement }];
  });
  return [...inline, ...attached];
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
