import type { Checked } from '../../errors/diagnostic.ts';
import type { CostContext } from '../cost-context.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { markedAddress, type TemplateResource } from '../templates/template-set.ts';
import { isUnresolved } from '../unresolved.ts';
import { resourceNamed } from './named-resource.ts';
import { isSet, notKnown, type Setting, settingIn, unmeteredOption } from './setting.ts';

/** A function of the templates as a call names it. */
export interface NamedFunction {
  readonly resource: TemplateResource;
  /** An alias or version; undefined for the function itself. */
  readonly qualifier: string | undefined;
}

const FUNCTION = { types: ['AWS::Lambda::Function'], nameProperty: 'FunctionName' };
const POINTERS: readonly string[] = ['AWS::Lambda::Alias', 'AWS::Lambda::Version'];
const FIX = 'name a function of the templates: what is outside of them has no limit that can be read';

/**
 * The function behind an ARN, a name or a reference, with or without a qualifier; aliases and versions of the templates
 * lead to their function.
 */
export function findFunction(setting: Setting, context: CostContext): Checked<NamedFunction> {
  const unknown = notKnown(setting, FIX);
  if (unknown !== undefined) return { diagnostics: [unknown] };
  const text = typeof setting.value === 'string' ? setting.value : '';
  const pointer = pointerAt(text, context);
  if (pointer !== undefined) return functionOfPointer(pointer, context);
  const [name, qualifier] = nameAndQualifier(text);
  const resource = resourceNamed(name, FUNCTION, context.templates);
  if (resource !== undefined) return { value: { resource, qualifier }, diagnostics: [] };
  return { diagnostics: [refuse(setting)] };
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

/** Provisioned concurrency is billed whether it is used or not, and shifts what a call costs. */
function functionOfPointer(pointer: TemplateResource, context: CostContext): Checked<NamedFunction> {
  const at = `${pointer.address}.Properties`;
  const [values, ...others] = context.templates.variantsOf(pointer, ['FunctionName', 'ProvisionedConcurrencyConfig']);
  const properties: Setting = { value: values, at, source: 'template' };
  const name = settingIn(properties, 'FunctionName');
  const [text] = typeof name.value === 'string' ? nameAndQualifier(name.value) : [''];
  const resource = resourceNamed(text, FUNCTION, context.templates);
  if (resource === undefined || others.length > 0) return { diagnostics: [notKnown(name, FIX) ?? refuse(name)] };
  const provisioned = settingIn(properties, 'ProvisionedConcurrencyConfig');
  const diagnostics = isSet(provisioned)
    ? [unmeteredOption(provisioned.at, 'keeps environments that are billed by the hour', 'leave it out')]
    : [];
  return { value: { resource, qualifier: pointer.logicalId }, diagnostics };
}

function refuse({ value, at }: Setting) {
  const named = isUnresolved(value) ? 'an unknown value' : (JSON.stringify(value) ?? 'nothing');
  return costDiagnostic('unmetered-call', { at, message: `${named} names no function of the templates`, fix: FIX });
}
