import type { Checked } from '../../errors/diagnostic.ts';
import type { CostContext } from '../cost-context.ts';
import { costDiagnostic } from '../cost-diagnostic.ts';
import { markedAddress, type TemplateResource, type TemplateSet } from '../templates/template-set.ts';
import { notKnown, type Setting } from './setting.ts';

/** Which resources a call may name, and by which property. */
export interface ResourceKind {
  readonly types: readonly string[];
  /** The property that holds the physical name: `FunctionName`. */
  readonly nameProperty: string;
}

/**
 * The resource of the templates that a call names: by a reference, or by its literal name. Anything else is refused,
 * because its limits are not known.
 */
export function findNamed(setting: Setting, kind: ResourceKind, context: CostContext): Checked<TemplateResource> {
  const fix = `refer to an ${kind.types.join(' or ')} of the templates`;
  const unknown = notKnown(setting, fix);
  if (unknown !== undefined) return { diagnostics: [unknown] };
  const named = typeof setting.value === 'string' ? resourcesNamed(setting.value, kind, context.templates) : [];
  const [value] = named;
  if (value !== undefined && named.length === 1) return { value, diagnostics: [] };
  const type = kind.types.join(' or ');
  const names = named.length === 0 ? `names no ${type} of the templates` : `names ${named.length} of the templates`;
  const message = `${JSON.stringify(setting.value) ?? 'nothing'} ${names}`;
  return { diagnostics: [costDiagnostic('unmetered-call', { at: setting.at, message, fix })] };
}

/** The one resource that a text names; undefined where there is none, or several. */
export function resourceNamed(text: string, kind: ResourceKind, templates: TemplateSet): TemplateResource | undefined {
  const named = resourcesNamed(text, kind, templates);
  return named.length === 1 ? named[0] : undefined;
}

/**
 * The resources that a text can name: `@{stack/LogicalId}`, `@{stack/LogicalId.Arn}`, a physical name, or an ARN or URL
 * that ends in one of them. Resources of which a deployment has only one, and stacks of several accounts, share names.
 */
export function resourcesNamed(text: string, kind: ResourceKind, templates: TemplateSet): readonly TemplateResource[] {
  const named = ADDRESS.exec(text)?.[1] ?? text;
  const address = markedAddress(named);
  const marked = address === undefined ? undefined : templates.find(address);
  if (marked !== undefined) return kind.types.includes(marked.type) ? [marked] : [];
  return namesOf(kind, templates).get(named) ?? [];
}

/** What an ARN or URL ends in, after its last colon or slash outside of a reference. */
const ADDRESS = /^(?:arn:|https:).*[:/]((?:@\{[^}]*\}|[^:/@{}])+)$/;

type NameIndex = Map<string, ReadonlyMap<string, readonly TemplateResource[]>>;
const INDEXES = new WeakMap<TemplateSet, NameIndex>();

/** Physical names are looked up once for each set of templates: a machine may have ten thousand tasks. */
function namesOf(
  { types, nameProperty }: ResourceKind,
  templates: TemplateSet,
): ReadonlyMap<string, readonly TemplateResource[]> {
  const indexes: NameIndex = INDEXES.get(templates) ?? new Map();
  INDEXES.set(templates, indexes);
  const key = `${types.join(' ')} ${nameProperty}`;
  const known = indexes.get(key);
  if (known !== undefined) return known;
  const names = new Map<string, readonly TemplateResource[]>();
  for (const resource of templates.resources.filter(({ type }) => types.includes(type))) {
    for (const name of templates.valuesOf(resource.properties[nameProperty], resource.stack)) {
      if (typeof name === 'string' && name !== '') names.set(name, [...(names.get(name) ?? []), resource]);
    }
  }
  indexes.set(key, names);
  return names;
}
