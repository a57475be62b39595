import type { CostContext } from '../cost-context.ts';
import type { TemplateResource, TemplateSet } from '../templates/template-set.ts';
import { markedAddress } from '../templates/template-set.ts';
import { isUnresolved } from '../unresolved.ts';
import { machineAt } from './addressed.ts';
import { allowedStatements, listOf, matchesWildcard } from './permissions.ts';
import { policyStatementsOf, trustedBy } from './policy-statements.ts';

/** Something whose code may start executions, with the statement that lets it. */
export interface CodeStart {
  /** A function, or the role of what is none. */
  readonly starter: TemplateResource;
  /** For people: `the function`, `glue`. */
  readonly by: string;
  readonly at: string;
  /** Machines of the templates that it may start; none where they are others. */
  readonly machines: readonly TemplateResource[];
}

/** Services whose starts are counted where they are set up: schedules, rules, tasks; and deployments. */
const COUNTED = new Set(['scheduler', 'events', 'states', 'cloudformation', '']);

/** All code of the templates that has the permission to start executions. */
export function codeStartsOf(context: CostContext): readonly CodeStart[] {
  const { templates } = context;
  const statements = policyStatementsOf(context);
  const allowed = ['states:StartExecution', 'states:StartSyncExecution'].flatMap((action) =>
    allowedStatements(statements, action, (resource) => isStateMachine(resource, templates)),
  );
  return templates.resources
    .filter(({ type }) => type === 'AWS::IAM::Role')
    .flatMap((role) => {
      const own = allowed.filter(({ principals }) => principals.includes(role.address));
      const [first] = own;
      if (first === undefined) return [];
      const resources = own.flatMap(({ statement }) => listOf(statement['Resource'] ?? '*'));
      const machines = machinesOf(templates).filter((machine) => {
        return resources.some((resource) => couldName(resource, machine, templates));
      });
      return startersWith(role, context).map((starter) => ({ ...starter, at: first.at, machines }));
    });
}

function startersWith(role: TemplateResource, context: CostContext): readonly Pick<CodeStart, 'starter' | 'by'>[] {
  const services = new Set(trustedBy(role, context));
  const functions = services.has('lambda') ? functionsWith(role, context.templates) : [];
  const others = [...services].filter((service) => service !== 'lambda' && !COUNTED.has(service));
  return [
    ...functions.map((starter) => ({ starter, by: 'the function' })),
    ...others.map((by) => ({ starter: role, by })),
  ];
}

function functionsWith(role: TemplateResource, templates: TemplateSet): readonly TemplateResource[] {
  return templates.resources.filter(
    ({ type, properties, stack }) =>
      type === 'AWS::Lambda::Function' &&
      templates.valuesOf(properties['Role'], stack).some((value) => isRole(value, role, templates)),
  );
}

/** Functions whose role is not in the templates: what they may start is not known. */
export function functionsOfForeignRoles({ templates }: CostContext): readonly TemplateResource[] {
  const roles = templates.resources.filter(({ type }) => type === 'AWS::IAM::Role');
  const known = new Set(roles.flatMap((role) => functionsWith(role, templates)));
  return templates.resources.filter((resource) => resource.type === 'AWS::Lambda::Function' && !known.has(resource));
}

function isRole(value: unknown, role: TemplateResource, templates: TemplateSet): boolean {
  if (typeof value !== 'string') return false;
  const name = /:role\/(?:.*\/)?([^/]+)$/.exec(value)?.[1];
  return (
    markedAddress(value) === role.address ||
    (name !== undefined && templates.valuesOf(role.properties['RoleName'], role.stack).includes(name))
  );
}

const machinesOf = ({ resources }: TemplateSet): readonly TemplateResource[] =>
  resources.filter(({ type }) => type === 'AWS::StepFunctions::StateMachine');

/** Whether a resource of a statement can be a state machine. */
function isStateMachine(resource: unknown, templates: TemplateSet): boolean {
  if (isUnresolved(resource) || typeof resource !== 'string') return true;
  const address = /^@\{([^}.]+)/.exec(resource)?.[1];
  if (address !== undefined)
    return templates.find(address)?.type.startsWith('AWS::StepFunctions::StateMachine') ?? true;
  if (resource.includes(':stateMachine:') || !resource.startsWith('arn:')) return true;
  return resource.endsWith('*') && (resource.includes(':states:') || /^arn:[^:]*\*/.test(resource));
}

function couldName(resource: unknown, machine: TemplateResource, templates: TemplateSet): boolean {
  if (isUnresolved(resource) || typeof resource !== 'string') return true;
  const address = /^@\{([^}.]+)/.exec(resource)?.[1];
  if (address !== undefined) return address === machine.address;
  if (machineAt(resource, templates)?.address === machine.address) return true;
  const pattern = /:stateMachine:(.+)$/.exec(resource)?.[1] ?? '*';
  if (!/[*?]/.test(pattern)) return false;
  const names = templates
    .variantsOf(machine, ['StateMachineName'])
    .map(({ StateMachineName }) => StateMachineName)
    .filter((name) => typeof name === 'string');
  return names.length === 0 || names.some((name) => matchesWildcard(pattern, name));
}
