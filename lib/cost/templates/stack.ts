import type { JsonObject } from '../json-object.ts';
import type { ParameterValue } from './parameter-value.ts';
import type { TemplateResource } from './template-set.ts';

/** One template with its sections found; values in it are as written. */
export interface Stack {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  readonly mappings: ReadonlyMap<string, JsonObject>;
  readonly conditions: ReadonlyMap<string, unknown>;
  /** Every logical ID of the template, of resources that could not be read too. */
  readonly logicalIds: ReadonlySet<string>;
  readonly resources: ReadonlyMap<string, TemplateResource>;
  readonly outputs: ReadonlyMap<string, JsonObject>;
  /** The resources as written, with all their attributes. */
  readonly written: ReadonlyMap<string, JsonObject>;
  readonly assets: ReadonlyMap<string, string>;
}
