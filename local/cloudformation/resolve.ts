import type { Checked, Diagnostic } from '../../lib/errors/diagnostic.ts';
import { evaluate, type Scope } from './evaluate.ts';
import { identityKindOf, type ResourceIdentity } from './resource-identity.ts';
import type {
  DeploymentPlace,
  JsonValue,
  ResolvedResource,
  StackTemplate,
  TemplateOutput,
  TemplateResource,
} from './template.ts';
import { isObject } from './template.ts';

/**
 * Every resource of the stacks with its expressions replaced by what they stand for at the place, cross-stack exports
 * included. What cannot be resolved is reported, all of it at once, by stack, logical id and path.
 */
export function resolveStacks(
  stacks: readonly StackTemplate[],
  place: DeploymentPlace,
): Checked<readonly ResolvedResource[]> {
  const diagnostics: Diagnostic[] = [];
  const exported = new Map<string, { readonly stack: StackTemplate; readonly output: TemplateOutput }>();
  const context: Context = { place, exported, underway: new Set(), report: (item) => diagnostics.push(item) };
  for (const stack of stacks) collectExports(stack, context);
  const value = stacks.flatMap((stack) => resolveStack(stack, context));
  return diagnostics.length === 0 ? { value, diagnostics } : { diagnostics };
}

interface Context {
  readonly place: DeploymentPlace;
  readonly exported: Map<string, { readonly stack: StackTemplate; readonly output: TemplateOutput }>;
  /** Names being resolved, so that a circle is reported instead of followed. */
  readonly underway: Set<string>;
  readonly report: (diagnostic: Diagnostic) => void;
}

function collectExports(stack: StackTemplate, context: Context): void {
  for (const [id, output] of Object.entries(stack.template.Outputs ?? {})) {
    if (output.Export === undefined) continue;
    const name = evaluate(output.Export.Name, scopeOf(stack, context), `${stack.stack}.Outputs.${id}.Export`);
    if (typeof name === 'string') context.exported.set(name, { stack, output });
  }
}

function resolveStack(stack: StackTemplate, context: Context): readonly ResolvedResource[] {
  return Object.entries(stack.template.Resources ?? {})
    .filter(([, resource]) => isPresent(stack, resource, context))
    .map(([logicalId, resource]) => resolveResource(stack, logicalId, context, resource));
}

function isPresent(stack: StackTemplate, resource: TemplateResource, context: Context): boolean {
  return resource.Condition === undefined || scopeOf(stack, context).condition(resource.Condition, stack.stack);
}

function resolveResource(
  stack: StackTemplate,
  logicalId: string,
  context: Context,
  resource: TemplateResource,
): ResolvedResource {
  const at = `${stack.stack}.${logicalId}`;
  const properties = evaluate(resource.Properties ?? {}, scopeOf(stack, context), at);
  const name = nameOf(stack, logicalId, resource, context);
  const identity = identityKindOf(resource.Type)?.identify(name, context.place);
  return {
    stack: stack.stack,
    logicalId,
    type: resource.Type,
    ref: identity?.ref ?? name,
    name: identity?.name ?? name,
    arn: identity?.arn,
    properties: isObject(properties) ? properties : {},
  };
}

/** The declared name where there is one, else stack and logical id. */
function nameOf(stack: StackTemplate, logicalId: string, resource: TemplateResource, context: Context): string {
  const path = identityKindOf(resource.Type)?.namePath ?? [];
  const properties: JsonValue | undefined = resource.Properties;
  const declared = path.reduce<JsonValue | undefined>((at, key) => (isObject(at) ? at[key] : undefined), properties);
  const name =
    path.length === 0 || declared === undefined
      ? undefined
      : evaluate(declared, scopeOf(stack, context), `${stack.stack}.${logicalId}.${path.join('.')}`);
  return typeof name === 'string' ? name : `${stack.stack}-${logicalId}`;
}

function scopeOf(stack: StackTemplate, context: Context): Scope {
  const { template } = stack;
  return {
    ref: (name, at) => refer(stack, name, at, context),
    attribute: (logicalId, attribute, at) => attributeOf(stack, logicalId, { attribute, at }, context),
    imported: (name, at) => importValue(name, at, context),
    condition: (name, at) => decideCondition(stack, name, at, context),
    mapping: (map, first, second) => template.Mappings?.[map]?.[first]?.[second],
    report: context.report,
  };
}

function refer(stack: StackTemplate, name: string, at: string, context: Context): JsonValue | undefined {
  if (name.startsWith('AWS::')) return pseudoParameter(stack, name, at, context);
  const parameter = stack.template.Parameters?.[name];
  if (parameter !== undefined) return parameter.Default ?? report(context, at, `parameter ${name} has no default`);
  return identityOf(stack, name, at, context)?.ref;
}

function pseudoParameter(stack: StackTemplate, name: string, at: string, context: Context): JsonValue | undefined {
  const { partition, account, region } = context.place;
  if (name === 'AWS::NoValue') return undefined;
  const values: Readonly<Record<string, string>> = {
    'AWS::AccountId': account,
    'AWS::Region': region,
    'AWS::Partition': partition,
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack.stack,
    'AWS::StackId': `arn:${partition}:cloudformation:${region}:${account}:stack/${stack.stack}/local`,
  };
  return values[name] ?? report(context, at, `pseudo parameter ${name} has no value on the laptop`);
}

function attributeOf(
  stack: StackTemplate,
  logicalId: string,
  asked: { readonly attribute: string; readonly at: string },
  context: Context,
): JsonValue | undefined {
  const identity = identityOf(stack, logicalId, asked.at, context);
  if (identity === undefined) return undefined;
  const value = identity.attributes[asked.attribute];
  const type = stack.template.Resources?.[logicalId]?.Type;
  return value ?? report(context, asked.at, `attribute ${asked.attribute} of ${type} is not known on the laptop`);
}

function identityOf(
  stack: StackTemplate,
  logicalId: string,
  at: string,
  context: Context,
): ResourceIdentity | undefined {
  const resource = stack.template.Resources?.[logicalId];
  if (resource === undefined) return report(context, at, `nothing in the template is called ${logicalId}`);
  const kind = identityKindOf(resource.Type);
  if (kind === undefined)
    return report(context, at, `${logicalId} refers to ${resource.Type}, which has no local name`);
  return guarded(`${stack.stack}.${logicalId}`, at, context, () =>
    kind.identify(nameOf(stack, logicalId, resource, context), context.place),
  );
}

function importValue(name: string, at: string, context: Context): JsonValue | undefined {
  const exported = context.exported.get(name);
  if (exported === undefined) return report(context, at, `no stack of the assembly exports ${name}`);
  return guarded(`export ${name}`, at, context, () =>
    evaluate(exported.output.Value, scopeOf(exported.stack, context), `export ${name}`),
  );
}

function decideCondition(stack: StackTemplate, name: string, at: string, context: Context): boolean {
  const expression = stack.template.Conditions?.[name];
  if (expression === undefined) {
    report(context, at, `nothing in the template is called condition ${name}`);
    return false;
  }
  const decide = () => evaluate(expression, scopeOf(stack, context), `${stack.stack}.Conditions.${name}`);
  return guarded(`${stack.stack} condition ${name}`, at, context, decide) === true;
}

function guarded<T>(subject: string, at: string, context: Context, resolve: () => T): T | undefined {
  if (context.underway.has(subject)) return report(context, at, `${subject} refers to itself`);
  context.underway.add(subject);
  try {
    return resolve();
  } finally {
    context.underway.delete(subject);
  }
}

function report(context: Context, at: string, message: string): undefined {
  const fix = 'use the resource types and references that docs/ARCHITECTURE.md lists for the local run';
  context.report({ code: 'unresolved-reference', severity: 'error', at, message, fix });
  return undefined;
}
