import type { Checked } from '../../errors/diagnostic.ts';
import type { CostContext } from '../cost-context.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { markedAddress, type TemplateResource } from '../templates/template-set.ts';
import { isUnresolved } from '../unresolved.ts';
import { resourceNamed, resourcesNamed } from './named-resource.ts';
import { elementsOf, isSet, notKnown, type Setting, settingIn, unmeteredOption } from './setting.ts';

/** A function of the templates as a call names it. */
export interface NamedFunction {
  readonly resource: TemplateResource;
  /** An alias or version; undefined for the function itself. */
  readonly qualifier: string | undefined;
}

const FUNCTION = { types: ['AWS::Lambda::Function'], nameProperty: 'FunctionName' };
const POINTERS: readonly string[] = ['AWS::Lambda::Alias', 'AWS::Lambda::Version'];
const LATEST = '$LATEST';
const FIX = 'name a function of the templates: what is outside of them has no limit that can be read';
const QUALIFIER_FIX = 'name the function itself, or an alias or a version of the templates';

/**
 * The function behind an ARN, a name or a reference, with or without a qualifier; aliases and versions of the templates
 * lead to their function. A version that is not in the templates may have limits of its own.
 */
export function findFunction(setting: Setting, context: CostContext): Checked<NamedFunction> {
  const unknown = notKnown(setting, FIX);
  if (unknown !== undefined) return { diagnostics: [unknown] };
  const text = typeof setting.value === 'string' ? setting.value : '';
  const pointer = pointerAt(text, context);
  if (pointer !== undefined) return functionOfPointer(pointer, context);
  const [name, qualifier] = nameAndQualifier(text);
  const resource = resourceNamed(name, FUNCTION, context.templates);
  if (resource === undefined) return { diagnostics: [refuse(setting)] };
  return findQualified(resource, { ...setting, value: qualifier }, context);
}

/** A function by one of its qualifiers: an alias or a version; without one, the function itself. */
export function findQualified(
  resource: TemplateResource,
  qualifier: Setting,
  context: CostContext,
): Checked<NamedFunction> {
  if (!isSet(qualifier)) return { value: { resource, qualifier: undefined }, diagnostics: [] };
  const unknown = notKnown(qualifier, QUALIFIER_FIX);
  if (unknown !== undefined) return { diagnostics: [unknown] };
  if (qualifier.value === LATEST) return { value: { resource, qualifier: LATEST }, diagnostics: [] };
  const pointer = pointersTo(resource, context).find((each) => isCalled(String(qualifier.value), each, context));
  if (pointer !== undefined) return functionOfPointer(pointer, context);
  const message = `${JSON.stringify(qualifier.value)} is no alias or version of ${resource.address} in the templates`;
  return { diagnostics: [costDiagnostic('unmetered-call', { at: qualifier.at, message, fix: QUALIFIER_FIX })] };
}

/** Every function that a text can be meant for, whatever its qualifier. */
export function functionsNamed(value: unknown, context: CostContext): readonly TemplateResource[] {
  if (typeof value !== 'string') return [];
  const pointer = pointerAt(value, context);
  if (pointer === undefined) return resourcesNamed(nameAndQualifier(value)[0], FUNCTION, context.templates);
  const names = context.templates.variantsOf(pointer, ['FunctionName']).map(({ FunctionName }) => FunctionName);
  return names.flatMap((name) => (typeof name === 'string' ? functionsNamed(name, context) : []));
}

/** Function, qualifier: `arn:…:function:name:live`, `123456789012:function:name`, `@{stack/Work.Arn}:live`, `name`. */
function nameAndQualifier(text: string): readonly [string, string | undefined] {
  const named = /(?:^|:)function:(.+)$/.exec(text)?.[1] ?? text;
  const match = /^((?:@\{[^}]*\}|[^:])+)(?::(.+))?$/.exec(named);
  return [match?.[1] ?? '', match?.[2]];
}

function pointerAt(text: string, { templates }: CostContext): TemplateResource | undefined {
  const address = markedAddress(text);
  const resource = address === undefined ? undefined : templates.find(address);
  return resource !== undefined && POINTERS.includes(resource.type) ? resource : undefined;
}

/** Aliases and versions of the templates that lead to a function. */
export const pointersTo = (resource: TemplateResource, context: CostContext): readonly TemplateResource[] =>
  context.templates.resources.filter(
    (pointer) => POINTERS.includes(pointer.type) && functionsNamed(`@{${pointer.address}}`, context).includes(resource),
  );

/** Whether a qualifier is the name of an alias, or the number of a version that the templates publish. */
function isCalled(qualifier: string, pointer: TemplateResource, { templates }: CostContext): boolean {
  if (pointer.type === 'AWS::Lambda::Version') return markedAddress(qualifier) === pointer.address;
  return templates.variantsOf(pointer, ['Name']).every(({ Name }) => Name === qualifier);
}

const POINTER_PROPERTIES = ['FunctionName', 'FunctionVersion', 'RoutingConfig', 'ProvisionedConcurrencyConfig'];

/** Provisioned concurrency is billed whether it is used or not, and shifts what a call costs. */
function functionOfPointer(pointer: TemplateResource, context: CostContext): Checked<NamedFunction> {
  const at = `${pointer.address}.Properties`;
  const [values, ...others] = context.templates.variantsOf(pointer, POINTER_PROPERTIES);
  const properties: Setting = { value: values, at, source: 'template' };
  const name = settingIn(properties, 'FunctionName');
  const [text] = typeof name.value === 'string' ? nameAndQualifier(name.value) : [''];
  const resource = resourceNamed(text, FUNCTION, context.templates);
  if (resource === undefined || others.length > 0) return { diagnostics: [notKnown(name, FIX) ?? refuse(name)] };
  const provisioned = settingIn(properties, 'ProvisionedConcurrencyConfig');
  const diagnostics = isSet(provisioned)
    ? [unmeteredOption(provisioned.at, 'keeps environments that are billed by the hour', 'leave it out')]
    : [];
  return {
    value: { resource, qualifier: pointer.logicalId },
    diagnostics: [...diagnostics, ...refuseForeignVersions(resource, properties, context)],
  };
}

/** An alias can point to versions that earlier deployments published. */
function refuseForeignVersions(resource: TemplateResource, alias: Setting, context: CostContext) {
  const weights = settingIn(settingIn(alias, 'RoutingConfig'), 'AdditionalVersionWeights');
  const routed = (elementsOf(weights) ?? []).map((each) => settingIn(each, 'FunctionVersion'));
  return [settingIn(alias, 'FunctionVersion'), ...routed].flatMap((version) => {
    if (!isSet(version) || version.value === LATEST) return [];
    const published = markedAddress(String(version.value));
    const isOwn = pointersTo(resource, context).some(({ address }) => address === published);
    const message = `is ${JSON.stringify(version.value)}, no version of ${resource.address} in the templates`;
    return isOwn ? [] : [notKnown(version, QUALIFIER_FIX) ?? unmeteredOption(version.at, message, QUALIFIER_FIX)];
  });
}

function refuse({ value, at }: Setting) {
  const named = isUnresolved(value) ? 'an unknown value' : (JSON.stringify(value) ?? 'nothing');
  return costDiagnostic('unmetered-call', { at, message: `${named} names no function of the templates`, fix: FIX });
}
