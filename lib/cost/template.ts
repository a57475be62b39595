import { must } from '../errors/fault.ts';

/** A synthesized stack: its name and its template as parsed JSON. */
export interface StackTemplate {
  readonly stack: string;
  readonly template: unknown;
}

/** One resource of the templates, found by its address `stack/LogicalId`. */
export interface TemplateResource {
  readonly address: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every resource of the stacks, in their order. */
export function listResources(stacks: readonly StackTemplate[]): readonly TemplateResource[] {
  return stacks.flatMap(({ stack, template }) => {
    const resources = isObject(template) ? template['Resources'] : undefined;
    return Object.entries(isObject(resources) ? resources : {}).map(([logicalId, resource]) => ({
      address: `${stack}/${logicalId}`,
      type: isObject(resource) ? String(resource['Type']) : '',
      properties: isObject(resource) && isObject(resource['Properties']) ? resource['Properties'] : {},
    }));
  });
}

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::AccountId': '000000000000',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'stack',
  'AWS::StackId': 'stack',
};

/**
 * The text of a template value, with each reference to a resource as a marker `@{stack/LogicalId}` or
 * `@{stack/LogicalId.Attribute}`; exports of other stacks are followed. Undefined where an intrinsic is not known:
 * the caller says so by name.
 */
export function textOf(value: unknown, stack: string, stacks: readonly StackTemplate[]): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!isObject(value)) return undefined;
  const [name, argument] = must(Object.entries(value)[0] ?? ['', undefined], 'an entry');
  switch (name) {
    case 'Ref':
      return referenceText(String(argument), stack, stacks);
    case 'Fn::GetAtt':
      return Array.isArray(argument) ? `@{${stack}/${argument.join('.')}}` : undefined;
    case 'Fn::Join':
      return joinText(argument, stack, stacks);
    case 'Fn::ImportValue':
      return importText(argument, stacks);
    default:
      return undefined;
  }
}

function referenceText(name: string, stack: string, stacks: readonly StackTemplate[]): string {
  if (name === 'AWS::Region') return stacks.length > 0 ? '@{AWS::Region}' : '';
  return PSEUDO_PARAMETERS[name] ?? `@{${stack}/${name}}`;
}

function joinText(argument: unknown, stack: string, stacks: readonly StackTemplate[]): string | undefined {
  if (!Array.isArray(argument) || typeof argument[0] !== 'string' || !Array.isArray(argument[1])) return undefined;
  const parts = argument[1].map((part: unknown) => textOf(part, stack, stacks));
  return parts.includes(undefined) ? undefined : parts.join(argument[0]);
}

function importText(name: unknown, stacks: readonly StackTemplate[]): string | undefined {
  for (const { stack, template } of stacks) {
    const outputs = isObject(template) && isObject(template['Outputs']) ? template['Outputs'] : {};
    for (const output of Object.values(outputs)) {
      if (isObject(output) && isObject(output['Export']) && output['Export']['Name'] === name) {
        return textOf(output['Value'], stack, stacks);
      }
    }
  }
  return undefined;
}

/** The address in a text that is one marker, `stack/LogicalId`; undefined for any other text. */
export function markedAddress(text: string): string | undefined {
  return /^@\{([^}.]+)(\.[^}]*)?\}$/.exec(text)?.[1];
}
