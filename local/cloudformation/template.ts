/** A JSON value as a template or a state file holds it. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties?: JsonObject;
}

export interface TemplateOutput {
  readonly Value: JsonValue;
  readonly Export?: { readonly Name: JsonValue };
}

/** The sections of a CloudFormation template that the laptop reads. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: JsonValue }>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly Conditions?: Readonly<Record<string, JsonValue>>;
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
}

export interface StackTemplate {
  readonly stack: string;
  readonly template: Template;
}

/** Where the templates would be deployed: what the pseudo parameters stand for. */
export interface DeploymentPlace {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

export interface ResolvedResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** What `Ref` gives. */
  readonly ref: string;
  /** The name that API calls use. */
  readonly name: string;
  /** Undefined for types that have none. */
  readonly arn: string | undefined;
  readonly properties: JsonObject;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The text at `key`, or undefined where there is none. */
export function textAt(object: JsonObject | undefined, key: string): string | undefined {
  const value = object?.[key];
  return typeof value === 'string' ? value : undefined;
}

/** The object at `key`, empty where there is none. */
export function objectAt(object: JsonObject | undefined, key: string): JsonObject {
  const value = object?.[key];
  return isObject(value) ? value : {};
}

/** The items at `key`, none where there is no list. */
export function listAt(object: JsonObject | undefined, key: string): readonly JsonValue[] {
  const value = object?.[key];
  return Array.isArray(value) ? value : [];
}

/** The number at `key`; CloudFormation also accepts a number as text. */
export function numberAt(object: JsonObject | undefined, key: string): number | undefined {
  const value = object?.[key];
  if (typeof value === 'string' && value !== '' && Number.isFinite(Number(value))) return Number(value);
  return typeof value === 'number' ? value : undefined;
}
