import type { RawScope } from './states-language.ts';

/** A resource as deployed: intrinsics are resolved, references are `<LogicalId>` and `<LogicalId.Attribute>`. */
export interface DeployedResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** What a template becomes for one choice of its parameters. */
export interface Deployment {
  readonly parameters: Readonly<Record<string, string>>;
  readonly resources: ReadonlyMap<string, DeployedResource>;
  readonly machines: ReadonlyMap<string, RawScope>;
}

interface RawTemplate {
  readonly Parameters?: Readonly<Record<string, { readonly AllowedValues?: readonly (string | number)[] }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown }>>;
}

const NO_VALUE = Symbol('AWS::NoValue');
const PSEUDO: Readonly<Record<string, unknown>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '123456789012',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NoValue': NO_VALUE,
};
/** A value that no condition compares with. */
const ANOTHER = 'another-value';

/** Every deployment that the template's parameters allow; a parameter without allowed values has all that conditions tell apart. */
export function deploymentsOf(template: unknown): readonly Deployment[] {
  const raw = template as RawTemplate;
  let choices: readonly Readonly<Record<string, string>>[] = [{}];
  for (const [name, { AllowedValues }] of Object.entries(raw.Parameters ?? {})) {
    const values = AllowedValues?.map(String) ?? [...comparedWith(raw.Conditions, name), ANOTHER];
    choices = choices.flatMap((choice) => values.map((value) => ({ ...choice, [name]: value })));
  }
  return choices.map((parameters) => new Resolver(raw, parameters).deploy());
}

/** Texts that stand beside a reference to the parameter in some condition. */
function comparedWith(conditions: unknown, name: string): readonly string[] {
  if (typeof conditions !== 'object' || conditions === null) return [];
  const below = Object.values(conditions).flatMap((part) => comparedWith(part, name));
  if (!Array.isArray(conditions)) return below;
  const refers = conditions.some((part: unknown) => fieldOf(part, 'Ref') === name);
  return refers ? [...below, ...conditions.filter((part: unknown) => typeof part === 'string')] : below;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

class Resolver {
  readonly #template: RawTemplate;
  readonly #parameters: Readonly<Record<string, string>>;

  constructor(template: RawTemplate, parameters: Readonly<Record<string, string>>) {
    this.#template = template;
    this.#parameters = parameters;
  }

  deploy(): Deployment {
    const resources = new Map<string, DeployedResource>();
    const machines = new Map<string, RawScope>();
    for (const [id, { Type, Properties = {} }] of Object.entries(this.#template.Resources)) {
      const resolved = this.resolve(Properties) as Record<string, unknown>;
      resources.set(id, { Type, Properties: resolved });
      if (Type === 'AWS::StepFunctions::StateMachine') machines.set(id, definitionOf(resolved));
    }
    return { parameters: this.#parameters, resources, machines };
  }

  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item)).filter((item) => item !== NO_VALUE);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name = '', argument] = entries[0] ?? [];
    const isIntrinsic = entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'));
    if (isIntrinsic) return this.#intrinsic(name, argument);
    return Object.fromEntries(
      entries.map(([field, item]) => [field, this.resolve(item)]).filter(([, item]) => item !== NO_VALUE),
    );
  }

  #intrinsic(name: string, argument: unknown): unknown {
    const list = Array.isArray(argument) ? argument : [argument];
    switch (name) {
      case 'Ref':
        return this.#reference(String(argument));
      case 'Fn::GetAtt':
        return `<${Array.isArray(argument) ? argument.join('.') : String(argument)}>`;
      case 'Fn::Join':
        return (this.resolve(list[1]) as readonly unknown[]).map(String).join(String(list[0]));
      case 'Fn::Sub':
        return this.#substituted(String(list[0]), (list[1] ?? {}) as Readonly<Record<string, unknown>>);
      case 'Fn::If':
        return this.resolve(this.#holds({ Condition: list[0] }) ? list[1] : list[2]);
      case 'Fn::ImportValue':
        return `<${String(this.resolve(argument))}>`;
      case 'Fn::FindInMap': {
        const [map, first, second] = list.map((part) => String(this.resolve(part)));
        return this.#template.Mappings?.[map ?? '']?.[first ?? '']?.[second ?? ''];
      }
      default:
        throw new Error(`the adversary does not know ${name}`);
    }
  }

  #reference(name: string): unknown {
    if (name in PSEUDO) return PSEUDO[name];
    const value = this.#parameters[name];
    return value === undefined ? `<${name}>` : value;
  }

  #substituted(text: string, names: Readonly<Record<string, unknown>>): string {
    return text.replaceAll(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) => {
      if (literal !== '') return `\${${name}}`;
      if (name in names) return String(this.resolve(names[name]));
      return name.includes('.') ? `<${name}>` : String(this.#reference(name));
    });
  }

  #holds(condition: unknown): boolean {
    const [name = '', argument] = Object.entries(condition as object)[0] ?? [];
    const parts = Array.isArray(argument) ? argument : [];
    switch (name) {
      case 'Condition':
        return this.#holds(this.#template.Conditions?.[String(argument)]);
      case 'Fn::Equals':
        return this.resolve(parts[0]) === this.resolve(parts[1]);
      case 'Fn::Not':
        return !this.#holds(parts[0]);
      case 'Fn::And':
        return parts.every((part) => this.#holds(part));
      case 'Fn::Or':
        return parts.some((part) => this.#holds(part));
      default:
        throw new Error(`the adversary does not know the condition ${name}`);
    }
  }
}

/** The definition in whichever of the forms it is given, with the substitutions made. */
function definitionOf(properties: Readonly<Record<string, unknown>>): RawScope {
  const given = properties['DefinitionString'] ?? JSON.stringify(properties['Definition']);
  const substitutions = (properties['DefinitionSubstitutions'] ?? {}) as Readonly<Record<string, unknown>>;
  const text = String(given).replaceAll(/\$\{([^}]+)\}/g, (whole, name: string) =>
    name in substitutions ? String(substitutions[name]) : whole,
  );
  return JSON.parse(text) as RawScope;
}
