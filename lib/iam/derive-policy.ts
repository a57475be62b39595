import type { ApiCall } from './api-call.ts';
import type { PolicyDocument } from './policy.ts';

/** The least policy under which every one of the calls is allowed, in an order that depends on the calls alone. */
export declare function derivePolicy<Resource = string>(calls: readonly ApiCall<Resource>[]): PolicyDocument<Resource>;
