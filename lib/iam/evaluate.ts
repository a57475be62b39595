import type { AuthorizationRequest } from './api-call.ts';

/** A policy document as a template has it, with the name under which a decision quotes it. */
export interface NamedPolicy {
  readonly name: string;
  /** Parsed JSON: single statement or list, texts or lists of texts. */
  readonly document: unknown;
}

export type Decision =
  | { readonly effect: 'Allow'; readonly decidedBy: string }
  | {
      readonly effect: 'Deny';
      /** The statement that denies; null where nothing allows. */
      readonly decidedBy: string | null;
      /** As AWS words it: `... is not authorized to perform: s3:GetObject on resource: ... because ...`. */
      readonly reason: string;
    };

/** May the request be made under these identity policies? An explicit deny wins; what nothing allows is denied. */
export declare function evaluate(policies: readonly NamedPolicy[], request: AuthorizationRequest): Decision;
