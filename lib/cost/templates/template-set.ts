import type { Checked } from '../../errors/diagnostic.ts';
import type { JsonObject } from '../json-object.ts';

/** A synthesized stack: its name, and its template as parsed JSON. */
export interface StackTemplate {
  readonly stack: string;
  readonly template: unknown;
  /** Texts of file assets by object key, for definitions that lie in S3. */
  readonly assets?: ReadonlyMap<string, string>;
}

/** One resource of the templates, as written: intrinsics are not resolved. */
export interface TemplateResource {
  /** `stack/LogicalId`. */
  readonly address: string;
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly metadata: JsonObject;
  /** Name of the condition on which it is created, if there is one. */
  readonly condition?: string;
}

/** A state machine's definition, parsed: texts have markers in place of references. */
export interface MachineDefinition {
  readonly json: unknown;
  /** Path of the property that holds it. */
  readonly at: string;
}

/**
 * The templates of an app with what they refer to. A resolved value is JSON in which a reference to a resource is the
 * text marker `@{stack/LogicalId}` or `@{stack/LogicalId.Attribute}` (alone or inside a longer text), and what cannot be known is `Unresolved`.
 */
export interface TemplateSet {
  /** Every resource that can be created: none whose condition is decided, and false. */
  readonly resources: readonly TemplateResource[];
  /** The resource at `stack/LogicalId`. */
  readonly find: (address: string) => TemplateResource | undefined;
  /**
   * Every combination of values that the named properties can have: conditions (`Fn::If`) and parameters with allowed
   * values leave several. At least one; a property that is absent, or `AWS::NoValue`, has no key. The resource's own
   * condition holds in all of them.
   */
  readonly variantsOf: (resource: TemplateResource, names: readonly string[]) => readonly JsonObject[];
  /** Every value that a template value of the stack can have; undefined is one of them where it can be `AWS::NoValue`. */
  readonly valuesOf: (value: unknown, stack: string) => readonly unknown[];
  /** Every definition that the state machine can have. */
  readonly definitionsOf: (machine: TemplateResource) => Checked<readonly MachineDefinition[]>;
}

/** The address in a text that is one marker, `stack/LogicalId`; undefined for any other text. */
export function markedAddress(text: string): string | undefined {
  return /^@\{([^}]*?\/[A-Za-z0-9]+)(\.[^}]*)?\}$/.exec(text)?.[1];
}
